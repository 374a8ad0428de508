import { join } from 'node:path';
import type { Patience } from '../statistics.js';
import { checkAgreement } from './agreement.js';
import type { Contestant } from './contestant.js';
import { judge, takeTurns, type Measurement } from './measurement.js';
import type { Setup, Task } from './protocol.js';
import { readRaw } from './raw-file.js';
import { forwardTargetOn, targets, type Target } from './targets.js';

/** A task that contestants are measured at. */
export interface Contest {
  readonly title: string;
  readonly against: 'ONNX Runtime' | 'PyTorch' | 'own forward';
  readonly target: Target;
  readonly ways: readonly Way[];
}

/** One contestant's way of doing a task. */
interface Way {
  readonly contestant: Contestant;
  readonly task: Task;
  readonly label?: string;
  /** The contestant's name, unless it stands for something else here. */
  readonly name?: string;
}

/** Those who take part, on one number of threads. */
export interface Field {
  /** Undefined: as many as the contestants take by themselves. */
  readonly threads: number | undefined;
  readonly vitrine: Contestant;
  readonly onnx: Contestant;
  /** On that many threads, and on fewer: more threads are not always faster. None without a PyTorch that is fair. */
  readonly torch: readonly Contestant[];
  /** False where PyTorch was left out because of a slow BLAS. */
  readonly isTorchFair: boolean;
}

export const explanation: Task = { work: 'explanation', batch: 1 };

/**
 * What is measured of those who take part; on WebGPU and WebAssembly, where PyTorch is not, only against ONNX Runtime and by
 * itself.
 */
export function contestsOf(field: Field, setup: Setting, batches: readonly number[]): Contest[] {
  const { vitrine, torch } = field;
  const ownForward: Way = {
    contestant: vitrine,
    task: { work: 'forward', batch: 1 },
    name: 'own forward',
  };
  const everywhere: Contest[] = [
    ...batches.map((batch) => forwardContest(field, setup, batch)),
    {
      title: 'explanation by own forward',
      against: 'own forward',
      target: targets.explanationByForward,
      ways: [...waysOf([vitrine], explanation), ownForward],
    },
  ];
  if (setup.provider !== 'cpu') return everywhere;
  const againstTorch: Contest = {
    title: 'explanation',
    against: 'PyTorch',
    target: targets.explanation,
    ways: waysOf([vitrine, ...torch], explanation),
  };
  if (!setup.training) return [...everywhere, againstTorch];
  const step: Task = { work: 'training', batch: setup.training.settings.batch };
  const training: Contest = {
    title: `training step, an image of ${step.batch}`,
    against: 'PyTorch',
    target: targets.training,
    ways: waysOf([vitrine, ...torch], step),
  };
  return [...everywhere, againstTorch, training];
}

/** What of a setup decides which contests there are. */
type Setting = Pick<Setup, 'onnx' | 'provider' | 'sizes' | 'training'>;

function forwardContest(
  { vitrine, onnx, torch }: Field,
  { onnx: models, provider, sizes }: Setting,
  batch: number,
): Contest {
  const task: Task = { work: 'forward', batch };
  const each: Task = { work: 'forward-each', batch };
  const title = `forward + ${sizes.depth} attentions`;
  const against = 'ONNX Runtime';
  const ours = waysOf([vitrine], task);
  if (batch === 1) {
    const target = provider === 'webgpu' ? forwardTargetOn(vitrine.description) : targets.forward;
    return { title, against, target, ways: [...ours, ...waysOf([onnx, ...torch], task)] };
  }
  const atOnce: Way[] = batch in models ? [{ contestant: onnx, task, label: 'at once' }] : [];
  const oneByOne: Way = { contestant: onnx, task: each, label: 'one by one' };
  return {
    title: `${title}, an image of ${batch}`,
    against,
    target: provider === 'webgpu' ? {} : targets.forwardOfSeveral,
    ways: [...ours, ...atOnce, oneByOne, ...waysOf(torch, task)],
  };
}

/** A contestant that is there on several numbers of threads says on how many. */
function waysOf(contestants: readonly Contestant[], task: Task): Way[] {
  return contestants.map((contestant) => {
    const isOneOfSeveral = contestants.filter(({ name }) => name === contestant.name).length > 1;
    return { contestant, task, ...(isOneOfSeveral && { label: `on ${contestant.threads}` }) };
  });
}

/** @throws DisagreementError if a way gives other results than the first */
export async function checkContest({ title, ways }: Contest, folder: string): Promise<void> {
  const [ours, ...others] = ways.filter(({ name }) => name === undefined);
  const file = join(folder, 'results');
  const sizes = await ours.contestant.outputs(ours.task, file);
  const expected = await readRaw(file);
  for (const { contestant, task, label = '' } of others) {
    await contestant.outputs(task, file);
    const names = `${title}, vitrine and ${contestant.name} ${label}`.trim();
    checkAgreement(sizes, expected, await readRaw(file), `${names}, ${contestant.threads} threads`);
  }
}

/** In milliseconds an image. */
export async function measureContest(
  { ways, ...about }: Contest,
  { threads, isTorchFair }: Field,
  patience: Patience,
): Promise<Measurement> {
  const entries = ways.map(({ contestant, task, label, name = contestant.name }) => ({
    name,
    way: label,
    run: async (count: number) => (await contestant.run(task, count)).map((time) => time / task.batch),
  }));
  const isFair = about.against !== 'PyTorch' || isTorchFair;
  return judge({ ...about, unit: 'ms', threads }, entries, await takeTurns(entries, patience), isFair);
}
