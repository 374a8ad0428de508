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

/** All runs of a batch that nobody asked for may take so long. */
const mostMilliseconds = 60_000;
/** Runs of the explanation that all runs of a batch cost at least: three of each workload, and the first ones. */
const leastRuns = 9;

/** @param asked the batches to measure; if left out, the usual ones as far as the device is fast enough */
export async function measureAllTotals(
  model: VisionTransformer,
  backend: Backend,
  asked: readonly number[] | undefined,
  patience: Patience,
): Promise<{ totals: Totals[]; leftOut: number[] }> {
  const totals: Totals[] = [];
  const leftOut: number[] = [];
  for (const batch of asked ?? usualBatches) {
    const last = totals.at(-1);
    const expected = last ? (last.explanation.median / last.batch) * batch * leastRuns : 0;
    if (!asked && expected > mostMilliseconds) leftOut.push(batch);
    else totals.push(await measureTotals(model, backend, batch, patience));
  }
  return { totals, leftOut };
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

export function printTotals(totals: readonly Totals[], leftOut: readonly number[]): void {
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
  if (leftOut.length > 0) {
    const batches = leftOut.join(' and ');
    console.log(
      `batch ${batches} left out on a device this slow; ask for it with --batches ${leftOut.join(',')}`,
    );
  }
}
