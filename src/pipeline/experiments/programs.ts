import { checkBackend, type Backend } from '../../compiler/backend.js';
import { Program } from '../../compiler/compile.js';
import { planFor } from '../../compiler/build-plan.js';
import { tokenCount } from '../../geometry.js';
import type { Score } from '../../explain/index.js';
import { anObject, expectGiven, expectParts, optional, wholeNumber } from '../../given.js';
import type { VisionTransformer } from '../../models/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { Subject } from '../explainer.js';
import { aModel } from '../map-plan.js';
import type { Stopwatch } from '../stopwatch.js';
import { unlessAborted, type Watch } from '../watch.js';

/** What an experiment is made with, whatever it does. */
export interface ExperimentOptions extends Pick<Watch, 'signal'> {
  /** How many targets a run has; 1 if left out, as for ranks. */
  readonly targets?: number;
  readonly ranks?: number;
  readonly features?: boolean;
  readonly score?: Score;
  /** Copies of the picture that one run looks at; as many as memory and speed suggest if left out. */
  readonly together?: number;
  /** Fulfilled when the model can be compiled: plans depend on shapes alone. */
  readonly weights?: Promise<unknown>;
  /** Told what was waiting for weights, `load`, and what was planning and compiling, `compile`. */
  readonly stopwatch?: Stopwatch<'load' | 'compile'>;
}

/** Programs of graphs, which are planned before the weights are there. They share these. */
export async function programsOf(
  graphs: readonly Readonly<Record<string, Tensor>>[],
  backend: Backend,
  { weights, stopwatch, signal }: ExperimentOptions,
): Promise<readonly Program[]> {
  // If they fail before anybody awaits them, or when nobody does any more, nobody need hear of it.
  weights?.catch(() => undefined);
  const plans = graphs.map((outputs) => planFor(backend, outputs));
  stopwatch?.lap('compile');
  await unlessAborted(() => Promise.resolve(weights), signal);
  stopwatch?.lap('load');
  const programs: Program[] = [];
  try {
    for (const plan of plans) {
      signal?.throwIfAborted();
      programs.push(new Program(plan, await backend.load(plan)));
    }
    return programs;
  } catch (error) {
    for (const program of programs) program.dispose();
    throw error;
  } finally {
    stopwatch?.lap('compile');
  }
}

/** Passes of one run at most: more are hardly faster. And numbers of one block's attention at most: they take memory. */
const [most, largest] = [48, 2 ** 25];

/** @throws UsageError for what is no model with its preprocessing, or no backend */
export function checkSubject(who: string, subject: Subject, backend: Backend): void {
  expectParts(`${who}: the model`, subject, { model: aModel, preprocessing: anObject });
  checkBackend(who, backend);
}

/** How many copies of a picture one run looks at. */
export function copiesTogether(
  { config: { heads }, geometry }: VisionTransformer,
  { together }: ExperimentOptions,
): number {
  expectGiven('together', together, optional(wholeNumber(1)));
  const attention = heads * tokenCount(geometry) ** 2;
  return together ?? Math.max(1, Math.min(most, Math.floor(largest / attention)));
}
