import { compile, type Backend, type VisionTransformer } from 'vitrine';
import { measure, summarise, type Patience, type Summary } from './statistics.js';
import { digits, table } from './table.js';
import { explanationWork, forwardWork, gradientsWork, type Workload } from './workloads.js';

/** Whole runs at one batch size, each at least once, however slow the device is. */
export async function measureTotals(
  model: VisionTransformer,
  backend: Backend,
  batch: number,
  patience: Patience,
) {
  const time = async ({ graph, inputs }: Workload): Promise<Summary> => {
    const program = await compile(graph, backend);
    // Results are let go of at once: those of all runs would fill the memory.
    const { milliseconds } = await measure(async () => {
      await program.run(inputs);
    }, patience);
    program.dispose();
    return summarise(milliseconds);
  };
  // Logits and all attentions are handed back; then the attention gradients; then the map.
  const forward = await time(forwardWork(model, batch));
  const gradients = await time(gradientsWork(model, batch));
  const explanation = await time(explanationWork(model, batch));
  return { batch, forward, gradients, explanation };
}

export type Totals = Awaited<ReturnType<typeof measureTotals>>;

/** @param depth of the model: as many attentions are handed back */
export function printTotals(totals: readonly Totals[], depth: number): void {
  const rows = totals.map(({ batch, forward, gradients, explanation }) => ({
    batch: String(batch),
    [`forward + ${depth} attentions`]: digits(forward.median),
    'of an image': digits(forward.median / batch),
    '+ attention gradients': digits(gradients.median),
    explanation: digits(explanation.median),
    'an image': digits(explanation.median / batch),
    'explanation / forward': (explanation.median / forward.median).toFixed(2),
    runs: String(Math.min(forward.runs, gradients.runs, explanation.runs)),
  }));
  console.log(`\nwhole runs, ms\n${table(rows)}`);
}
