import { createInterface } from 'node:readline';
import type { TrainConfig } from 'vitrine/train';
import type { DeviceName } from 'vitrine/node';
import { loadedDrivers } from './drivers.js';
import type { PlainSizes } from './plain-model.js';
import { writeRaw } from './raw-file.js';

/*
 * A contestant is a process of its own that is asked, through its standard input and output, one JSON document a
 * line: first `load`, then any number of `outputs` and `run`. It takes the time itself, inside, so that the talking
 * is not measured; while it is not asked it does nothing. It ends when its standard input does.
 */

/** What to compute on how many images. */
export interface Task {
  /**
   * `forward`: logits and all attentions of a batch; `forward-each`: the same, one image after the other; `explanation`:
   * forward, attention gradients and gradient rollout, of which only the map is wanted; `training`: a step of training, of
   * which the losses of the first few are wanted.
   */
  readonly work: 'forward' | 'forward-each' | 'explanation' | 'training';
  readonly batch: number;
}

/** What a training begins with. */
export interface TrainingSetup {
  /** Paths: parameters in safetensors format, and a batch as raw float32, in the order of `Batch`. */
  readonly learner: string;
  readonly scenes: string;
  readonly settings: TrainConfig & { readonly classes: number };
  /** First steps of which the losses are compared. */
  readonly stepsToCompare: number;
}

/** The package of ONNX Runtime that is measured beside a device. */
export function runtimeFor(device: DeviceName | undefined): string {
  return device === 'wasm' ? 'onnxruntime-web' : 'onnxruntime-node';
}

/** What a contestant needs to begin. */
export interface Setup {
  readonly device: DeviceName;
  readonly threads: number;
  /** Name of a registered model, and its sizes. */
  readonly model: string;
  readonly sizes: PlainSizes;
  /** Paths: safetensors, ONNX by the number of images that it takes at once, and images as raw float32, `[-1, 3, image, image]`. */
  readonly weights: string;
  readonly onnx: Readonly<Record<number, string>>;
  readonly images: string;
  /** Number of the class that is explained. */
  readonly category: number;
  /** Undefined where no training is compared. */
  readonly training: TrainingSetup | undefined;
  /** What ONNX Runtime computes on. */
  readonly provider: 'cpu' | 'wasm' | 'webgpu';
}

/** What a contestant is asked, each with what it answers. */
export interface Commands {
  readonly load: (setup: Setup) => Promise<{
    /** Name and version. */
    readonly description: string;
    /** Multiplications and additions a second in a large product on one thread, where the contestant tells. */
    readonly productRate?: number;
    /** The same in a loop on registers of one core, which nothing exceeds, where the contestant tells. */
    readonly coreRate?: number;
  }>;
  /** Writes the results to a file, raw float32, one after the other. */
  readonly outputs: (request: Task & { readonly file: string }) => Promise<{
    /** Numbers in each result: the logits, then the attention of each layer; or the map. */
    readonly sizes: readonly number[];
    /** Vulkan drivers that the process has loaded by now; none where the system does not tell. */
    readonly drivers: readonly string[];
  }>;
  readonly run: (
    request: Task & { readonly count: number },
  ) => Promise<{ readonly milliseconds: readonly number[] }>;
}

type Run = () => Promise<readonly ArrayLike<number>[]>;

/**
 * Answers requests until the standard input ends: a contestant that runs in Node.
 * @param prepare prepares a task; what it returns runs it
 */
export async function serve(load: Commands['load'], prepare: (task: Task) => Promise<Run>): Promise<void> {
  const prepared = new Map<string, Promise<Run>>();
  const find = ({ work, batch }: Task): Promise<Run> => {
    const key = `${work} ${batch}`;
    const run = prepared.get(key) ?? prepare({ work, batch });
    prepared.set(key, run);
    return run;
  };
  const commands: Commands = {
    load,
    async outputs({ file, ...task }) {
      const run = await find(task);
      const results = await run();
      await writeRaw(file, results);
      return { sizes: results.map(({ length }) => length), drivers: await loadedDrivers() };
    },
    async run({ count, ...task }) {
      const run = await find(task);
      const milliseconds: number[] = [];
      for (let time = 0; time < count; time++) {
        const start = performance.now();
        await run();
        milliseconds.push(performance.now() - start);
      }
      return { milliseconds };
    },
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const { command, ...request } = JSON.parse(line) as { command: keyof Commands };
    const answer = await (commands[command] as (request: object) => Promise<object>)(request).catch(
      (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }),
    );
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}
