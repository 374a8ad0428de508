import { compile, type Backend, type VisionTransformer } from 'vitrine';
import { measure, summarise, type Patience, type Summary } from './statistics.js';
import { digits, table } from './table.js';
import { explanationGraph, forwardGraph, gradientsGraph, randomImages } from './workloads.js';

/** Whole runs at one batch size. */
export interface Totals {
  readonly batch: number;
  /** Forward, logits and all attentions handed back. */
  readonly forward: Summary;
  /** Forward and attention gradients, which are handed back. */
  readonly gradients: Summary;
  /** Forward, attention gradients and gradient rollout, the map handed back. */
  readonly explanation: Summary;
  /** Of the medians, explanation by forward. */
  readonly ratio: number;
}

const usualBatches = [1, 8, 32];

/** @param batches to measure; the usual ones if left out, each at least once however slow the device is */
export async function measureAllTotals(
  model: VisionTransformer,
  backend: Backend,
  batches: readonly number[] | undefined,
  patience: Patience,
): Promise<Totals[]> {
  const totals: Totals[] = [];
  for (const batch of batches ?? usualBatches) {
    totals.push(await measureTotals(model, backend, batch, patience));
  }
  return totals;
}

async function measureTotals(
  model: VisionTransformer,
  backend: Backend,
  batch: number,
  patience: Patience,
): Promise<Totals> {
  const image = randomImages(model, batch);
  const time = async (graph: Parameters<typeof compile>[0]): Promise<Summary> => {
    const program = await compile(graph, backend);
    try {
      return summarise((await measure(() => program.run({ image }), patience)).milliseconds);
    } finally {
      program.dispose();
    }
  };
  const forward = await time(forwardGraph(model, batch));
  const gradients = await time(gradientsGraph(model, batch, { kind: 'rank', rank: 0 }));
  const explanation = await time(explanationGraph(model, batch, { kind: 'rank', rank: 0 }));
  return { batch, forward, gradients, explanation, ratio: explanation.median / forward.median };
}

export function printTotals(totals: readonly Totals[]): void {
  console.log('\nwhole runs, ms');
  console.log(
    table(
      [
        { title: 'batch' },
        { title: 'forward + 12 attentions' },
        { title: 'an image' },
        { title: '+ attention gradients' },
        { title: 'explanation' },
        { title: 'an image' },
        { title: 'explanation / forward' },
        { title: 'runs' },
      ],
      totals.map(({ batch, forward, gradients, explanation, ratio }) => [
        String(batch),
        digits(forward.median),
        digits(forward.median / batch),
        digits(gradients.median),
        digits(explanation.median),
        digits(explanation.median / batch),
        ratio.toFixed(2),
        String(Math.min(forward.runs, gradients.runs, explanation.runs)),
      ]),
    ),
  );
}
