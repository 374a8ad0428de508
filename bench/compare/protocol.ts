import { createInterface } from 'node:readline';
import type { TrainConfig } from 'vitrine/train';
import type { DeviceName } from 'vitrine/node';
import { loadedDrivers } from './drivers.js';

/*
 * A contestant is a process of its own that is asked, through its standard input and output, one JSON document a
 * line: first `load`, then any number of `outputs` and `run`. It takes the time itself, inside, so that the talking
 * is not measured; while it is not asked it does nothing. It ends when its standard input does.
 */

/**
 * What is computed. `forward`: logits and all attentions of a batch; `forward-each`: the same, one image after the
 * other; `explanation`: forward, attention gradients and gradient rollout, of which only the map is wanted; `training`:
 * a step of training, of which the losses of the first few are wanted.
 */
export type Work = 'forward' | 'forward-each' | 'explanation' | 'training';

/** What to compute on how many images. */
export interface Task {
  readonly work: Work;
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

/** What a contestant needs to begin. */
export interface Setup {
  readonly device: DeviceName;
  readonly threads: number;
  /** Paths: safetensors, ONNX, and the images as raw float32 `[8, 3, 224, 224]`. */
  readonly weights: string;
  readonly onnx: string;
  readonly images: string;
  /** Number of the class that is explained. */
  readonly category: number;
  /** Left out where no training is compared. */
  readonly training?: TrainingSetup;
  /** What ONNX Runtime computes on. */
  readonly provider: 'cpu' | 'webgpu';
}

export type LoadRequest = Setup & { readonly command: 'load' };
/** Writes the results, raw float32, one after the other. */
export type OutputsRequest = Task & { readonly command: 'outputs'; readonly file: string };
export type RunRequest = Task & { readonly command: 'run'; readonly count: number };

export interface LoadAnswer {
  /** Name and version. */
  readonly description: string;
  /** Multiplications and additions a second in a large product, where the contestant tells. */
  readonly productRate?: number;
}

export interface OutputsAnswer {
  /** Numbers in each result: the logits, then the attention of each layer; or the map. */
  readonly sizes: readonly number[];
  /** Vulkan drivers that the process has loaded by now; none where the system does not tell. */
  readonly drivers: readonly string[];
}

export interface RunAnswer {
  readonly milliseconds: readonly number[];
}

/** A contestant that runs in Node. */
export interface Served {
  load(setup: Setup): Promise<LoadAnswer>;
  /** Prepares a task; what it returns runs it. */
  prepare(task: Task): Promise<() => Promise<readonly ArrayLike<number>[]>>;
}

/** Answers requests until the standard input ends. */
export async function serve(
  served: Served,
  write: (file: string, results: readonly ArrayLike<number>[]) => Promise<void>,
): Promise<void> {
  const prepared = new Map<string, Awaited<ReturnType<Served['prepare']>>>();
  const find = async ({ work, batch }: Task): Promise<() => Promise<readonly ArrayLike<number>[]>> => {
    const key = `${work} ${batch}`;
    const run = prepared.get(key) ?? (await served.prepare({ work, batch }));
    prepared.set(key, run);
    return run;
  };
  const answer = async (
    request: LoadRequest | OutputsRequest | RunRequest,
  ): Promise<LoadAnswer | OutputsAnswer | RunAnswer> => {
    switch (request.command) {
      case 'load':
        return served.load(request);
      case 'outputs': {
        const run = await find(request);
        const results = await run();
        await write(request.file, results);
        return { sizes: results.map(({ length }) => length), drivers: await loadedDrivers() };
      }
      case 'run': {
        const run = await find(request);
        const milliseconds: number[] = [];
        for (let time = 0; time < request.count; time++) {
          const start = performance.now();
          await run();
          milliseconds.push(performance.now() - start);
        }
        return { milliseconds };
      }
      default:
        return request satisfies never;
    }
  };
  for await (const line of createInterface({ input: process.stdin })) {
    let text: string;
    try {
      text = JSON.stringify(await answer(JSON.parse(line) as Parameters<typeof answer>[0]));
    } catch (error) {
      text = JSON.stringify({ error: error instanceof Error ? error.message : String(error) });
    }
    process.stdout.write(`${text}\n`);
  }
}
