import type { Backend } from '../../compiler/backend.js';
import type { Program } from '../../compiler/compile.js';
import {
  fills,
  occludedPass,
  occlusion,
  windowsOf,
  type ClassTarget,
  type Fill,
  type TargetInput,
} from '../../explain/index.js';
import { preprocess, type Picture, type Preprocessed } from '../../image/index.js';
import { sizesOf } from '../../models/index.js';
import { input, reshape, slice, type Tensor, type Values } from '../../tensor/index.js';
import type { ComputedMap, Subject } from '../explainer.js';
import { valuesOf } from '../sampled-program.js';
import { subjectsOf } from '../subjects.js';
import { unlessAborted, type Watch } from '../watch.js';
import { resolvedTargets, type ToldMap } from './found-map.js';
import { checkSubject, copiesTogether, programsOf, type ExperimentOptions } from './programs.js';

export interface OccluderOptions extends ExperimentOptions {
  /** Height and width of a window in patches; 1 if left out. */
  readonly window?: number;
  /** What takes its place; grey if left out. */
  readonly fill?: Fill;
}

/** What was found out about a picture by taking its patches away. */
export interface OccludedPicture {
  /** Of the whole picture. */
  readonly logits: Values;
  /** What each target loses. */
  readonly maps: readonly (ComputedMap & ToldMap)[];
}

/** Windows of a picture replaced one by one, many in each run of one program. */
export class Occluder {
  private constructor(
    private readonly subject: Subject,
    private readonly options: OccluderOptions,
    private readonly targets: readonly TargetInput[],
    private readonly program: Program,
    /** Windows of each run. */
    private readonly together: number,
  ) {}

  /** @throws UsageError for a size that makes no sense; DeviceError if the backend cannot; what `weights` is rejected with */
  static async create(subject: Subject, backend: Backend, options: OccluderOptions = {}): Promise<Occluder> {
    checkSubject('Occluder.create', subject, backend);
    const { model } = subject;
    const { targets: count = 1, ranks = 1, features = false, score = 'logit' } = options;
    const { geometry } = model;
    const { window, fill } = occlusionOf(subject, options);
    const windows = windowsOf(geometry.grid, window).count;
    const together = Math.min(windows, copiesTogether(model, options));
    const image = input('image', [1, ...model.inputShape]);
    // The first is the whole picture, for every run has its own logits to rank.
    const left = input('left', [1 + together, geometry.grid[0] * geometry.grid[1]]);
    const pass = occludedPass(model, image, fills[fill](image, geometry.grid), left);
    const { logits } = pass;
    const whole = slice(logits, 0, 0, 1);
    const size = { batch: 1, targets: count, ranks, features, score };
    const { targets, subjects } = subjectsOf({ ...pass, logits: whole }, 'target', count, size);
    const rows = reshape(logits, [1, ...logits.shape]);
    const outputs: Record<string, Tensor> = { logits: whole };
    for (const [i, subject] of subjects.entries()) outputs[`score.${i}`] = subject.scoreOf(rows);
    const [program] = await programsOf([outputs], backend, options);
    return new Occluder(subject, options, targets, program, together);
  }

  makeReady(picture: Picture): Preprocessed {
    return preprocess(picture, this.subject.preprocessing);
  }

  /** @throws UsageError for a target that does not exist; DeviceError if the device fails; an aborted signal's reason */
  async run(
    ready: Preprocessed,
    targets: readonly ClassTarget[],
    { signal, onProgress }: Watch = {},
  ): Promise<OccludedPicture> {
    const { grid } = this.subject.model.geometry;
    const options = occlusionOf(this.subject, this.options);
    const { count, left, shares } = windowsOf(grid, options.window);
    const patches = grid[0] * grid[1];
    const maps = targets.map(() => new Float32Array(patches));
    const shared = { image: ready.values, ...valuesOf(this.targets, [targets]) };
    let results: Readonly<Record<string, Values>> = {};
    for (let first = 0; first < count; first += this.together) {
      const some = left.subarray(first * patches, (first + this.together) * patches);
      const rows = new Float32Array((1 + this.together) * patches).fill(1);
      rows.set(some, patches);
      results = await unlessAborted(() => this.program.run({ ...shared, left: rows }), signal);
      for (const [i, map] of maps.entries()) {
        const [before, ...scores] = results[`score.${i}`];
        for (let window = 0; window < some.length / patches; window++) {
          const start = (first + window) * patches;
          for (let patch = 0; patch < patches; patch++) {
            map[patch] += shares[start + patch] * (before - scores[window]);
          }
        }
      }
      onProgress?.({ stage: 'explain', done: Math.min(count, first + this.together), total: count });
    }
    const { logits } = results;
    return {
      logits,
      maps: resolvedTargets(targets, logits).map((target, i) => ({
        method: occlusion,
        options,
        target,
        score: this.options.score ?? 'logit',
        before: results[`score.${i}`][0],
        grid,
        values: maps[i],
        geometry: ready.geometry,
      })),
    };
  }

  /** Gives back the device memory that the program holds. */
  dispose(): void {
    this.program.dispose();
  }
}

/** @throws UsageError for a window that does not fit, or a fill that there is not */
function occlusionOf(
  { model }: Subject,
  { window, fill }: OccluderOptions,
): { readonly window: number; readonly fill: Fill } {
  const given = { ...(window === undefined ? {} : { window }), ...(fill === undefined ? {} : { fill }) };
  return occlusion.parse(given, sizesOf(model.config)) as { window: number; fill: Fill };
}
