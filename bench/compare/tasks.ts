import type { Contestant } from './contestant.js';
import type { Entry } from './measurement.js';
import type { Task } from './protocol.js';
import { targets, type Target } from './targets.js';

/** A task that contestants are measured at. */
export interface Contest {
  readonly title: string;
  readonly against: 'ONNX Runtime' | 'PyTorch' | 'own forward';
  readonly target: Target;
  readonly ways: readonly Way[];
}

/** One contestant's way of doing a task. */
export interface Way {
  readonly contestant: Contestant;
  readonly task: Task;
  readonly label?: string;
  /** The contestant's name, unless it stands for something else here. */
  readonly name?: string;
}

/** Those who take part on one number of threads. */
export interface Field {
  readonly vitrine: Contestant;
  readonly onnx: Contestant;
  /** On that many threads, and on fewer: more threads are not always faster. None without PyTorch. */
  readonly torch: readonly Contestant[];
  /** Images a step of training. */
  readonly trainingBatch: number;
  /** Whether PyTorch's multiplication is fast enough to compare with. */
  readonly isTorchFair: boolean;
}

const batch = 8;

export const forward: Task = { work: 'forward', batch: 1 };
const explanation: Task = { work: 'explanation', batch: 1 };

/** How much longer an explanation takes than the forward pass in it. */
export function explanationByForward(vitrine: Contestant): Contest {
  return {
    title: 'explanation by own forward',
    against: 'own forward',
    target: targets.explanationByForward,
    ways: [
      { contestant: vitrine, task: explanation },
      { contestant: vitrine, task: forward, name: 'own forward' },
    ],
  };
}

export function contests({ vitrine, onnx, torch, isTorchFair, trainingBatch }: Field): Contest[] {
  const torchWays = (task: Task): Way[] =>
    torch.map((contestant) => ({
      contestant,
      task,
      ...(torch.length > 1 ? { label: `on ${contestant.threads}` } : {}),
    }));
  const forward8: Task = { work: 'forward', batch };
  const training: Task = { work: 'training', batch: trainingBatch };
  // With a reference BLAS, its forward passes would take minutes and tell nothing.
  const forInformation = (task: Task): Way[] => (isTorchFair ? torchWays(task) : []);
  return [
    {
      title: 'forward + 12 attentions',
      against: 'ONNX Runtime',
      target: targets.forward,
      ways: [
        { contestant: vitrine, task: forward },
        { contestant: onnx, task: forward },
        ...forInformation(forward),
      ],
    },
    {
      title: `forward + 12 attentions, an image of ${batch}`,
      against: 'ONNX Runtime',
      target: targets.forwardBatch8,
      ways: [
        { contestant: vitrine, task: forward8 },
        { contestant: onnx, task: forward8, label: 'at once' },
        { contestant: onnx, task: { work: 'forward-each', batch }, label: 'one by one' },
        ...forInformation(forward8),
      ],
    },
    explanationByForward(vitrine),
    {
      title: 'explanation',
      against: 'PyTorch',
      target: targets.explanation,
      ways: [{ contestant: vitrine, task: explanation }, ...torchWays(explanation)],
    },
    {
      title: `training step, an image of ${trainingBatch}`,
      against: 'PyTorch',
      target: targets.training,
      ways: [{ contestant: vitrine, task: training }, ...torchWays(training)],
    },
  ];
}

/** Milliseconds an image. */
export function entryOf({ contestant, task, label, name = contestant.name }: Way): Entry {
  return {
    name,
    ...(label === undefined ? {} : { way: label }),
    run: async (count) => (await contestant.run(task, count)).map((time) => time / task.batch),
  };
}
