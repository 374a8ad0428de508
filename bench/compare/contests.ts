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
  /** On that many threads, and on fewer: more threads are not always faster. None without PyTorch. */
  readonly torch: readonly Contestant[];
  /** Whether PyTorch's multiplication is fast enough to compare with. */
  readonly isTorchFair: boolean;
}

export const largestBatch = 8;
export const forward: Task = { work: 'forward', batch: 1 };
const explanation: Task = { work: 'explanation', batch: 1 };

/** What is measured of those who take part; on WebGPU, where nothing is trained, only the first two. */
export function contestsOf(
  { vitrine, onnx, torch, isTorchFair }: Field,
  { onnx: models, training }: Pick<Setup, 'onnx' | 'training'>,
): Contest[] {
  // With a reference BLAS, its forward passes would take minutes and tell nothing.
  const forInformation = isTorchFair ? torch : [];
  const ownForward: Way = { contestant: vitrine, task: forward, name: 'own forward' };
  const everywhere: Contest[] = [
    {
      title: 'forward + 12 attentions',
      against: 'ONNX Runtime',
      target: training ? targets.forward : forwardTargetOn(vitrine.description),
      ways: waysOf([vitrine, onnx, ...forInformation], forward),
    },
    {
      title: 'explanation by own forward',
      against: 'own forward',
      target: targets.explanationByForward,
      ways: [...waysOf([vitrine], explanation), ownForward],
    },
  ];
  if (!training) return everywhere;
  const forwardAll: Task = { work: 'forward', batch: largestBatch };
  const atOnce: Way = { contestant: onnx, task: forwardAll, label: 'at once' };
  const oneByOne: Way = {
    contestant: onnx,
    task: { ...forwardAll, work: 'forward-each' },
    label: 'one by one',
  };
  const onnxWays = largestBatch in models ? [atOnce, oneByOne] : [oneByOne];
  const step: Task = { work: 'training', batch: training.settings.batch };
  return [
    ...everywhere,
    {
      title: `forward + 12 attentions, an image of ${largestBatch}`,
      against: 'ONNX Runtime',
      target: targets.forwardBatch8,
      ways: [...waysOf([vitrine], forwardAll), ...onnxWays, ...waysOf(forInformation, forwardAll)],
    },
    {
      title: 'explanation',
      against: 'PyTorch',
      target: targets.explanation,
      ways: waysOf([vitrine, ...torch], explanation),
    },
    {
      title: `training step, an image of ${step.batch}`,
      against: 'PyTorch',
      target: targets.training,
      ways: waysOf([vitrine, ...torch], step),
    },
  ];
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
