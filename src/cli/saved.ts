import type { Backend } from '../compiler/backend.js';
import { UsageError } from '../errors.js';
import type { ClassTarget, Score } from '../explain/index.js';
import { preprocess, type Picture } from '../image/index.js';
import { writeNpy, writeSafetensors } from '../models/index.js';
import type { FileToWrite, LoadedModel } from '../node/index.js';
import {
  isOfTarget,
  layerTensorKinds,
  LayerTensors,
  resolvedTargets,
  type AskedTarget,
  type ComputedMap,
  type ExperimentOptions,
  type ExplanationDocument,
  type LayerTensorKind,
} from '../pipeline/index.js';
import { classNameOf, type NamedMethod, type Naming } from './result-names.js';

/** What can be saved: each map, or tensors of every layer. */
const names = ['map', ...layerTensorKinds] as const;
type SavedName = (typeof names)[number];

/** What a person asked to keep beside pictures and documents. */
export interface AskedSaving {
  /** Of the gradients; none if there are none. */
  readonly targets: readonly AskedTarget[];
  /** Whether each map is written as an array of its own. */
  readonly maps: boolean;
  readonly kinds: readonly LayerTensorKind[];
}

/** What keeps raw numbers, as a command lists it. */
export const saveRow = [
  '--save <names>',
  `raw numbers, separated by commas: map, those of each picture as .npy; ${layerTensorKinds.join(', ')}, of all layers, as .safetensors`,
] as const;

/** @throws UsageError for what cannot be saved */
export function savingOf(text: string | undefined): Omit<AskedSaving, 'targets'> {
  const asked = (text?.split(',') ?? []).map((name) => name.trim());
  const unknown = asked.find((name) => !names.includes(name as SavedName));
  if (unknown !== undefined) {
    throw new UsageError(`--save does not know "${unknown}"; choose from: ${names.join(', ')}.`);
  }
  return { maps: asked.includes('map'), kinds: layerTensorKinds.filter((kind) => asked.includes(kind)) };
}

/**
 * An array of the maps of a picture that is written: `[rows, columns]` of one, of several or a view `[maps, rows, columns]`.
 * @param without the same maps without what was taken out, if anything was, for a first axis of two: before and after
 */
export function npyOf(
  maps: readonly ComputedMap[],
  without?: readonly Pick<ComputedMap, 'values'>[],
): Uint8Array {
  const [{ grid, captions }, ...others] = maps;
  const isOne = captions === undefined && others.length === 0;
  const count = maps.reduce((sum, { values }) => sum + values.length, 0) / (grid[0] * grid[1]);
  const all = [...maps, ...(without ?? [])].flatMap(({ values }) => Array.from(values));
  const shape = [...(without === undefined ? [] : [2]), ...(isOne ? [] : [count]), ...grid];
  return writeNpy(shape, Float32Array.from(all));
}

/** Tensors of all layers are of the whole model. */
export function namingOfTensors(naming: Naming): Naming {
  return { ...naming, ablation: undefined };
}

/** The tensors of all layers, as their file is named: `attention+gradient`, with the classes if there are gradients. */
export function tensorsMaker({ kinds }: AskedSaving): NamedMethod {
  return {
    method: {
      name: kinds.join('+'),
      of: kinds.some(isOfTarget) ? 'class' : 'pass',
      options: () => ({}),
      shows: () => 'level',
    },
    options: {},
  };
}

/** What is written of each map beside its picture and document, and of each picture. */
export function savedEndings({ maps, kinds }: AskedSaving): readonly string[] {
  return [...(maps ? ['.npy'] : []), ...(kinds.length > 0 ? ['.safetensors'] : [])];
}

/** Makes the files of tensors of all layers, picture by picture. */
export class TensorFiles {
  private constructor(
    private readonly asked: AskedSaving,
    private readonly tensors: LayerTensors,
    private readonly targets: readonly ClassTarget[],
    private readonly loaded: LoadedModel,
    private readonly score: Score,
  ) {}

  static async create(
    loaded: LoadedModel,
    backend: Backend,
    asked: AskedSaving,
    targets: readonly ClassTarget[],
    options: ExperimentOptions,
  ): Promise<TensorFiles | undefined> {
    if (asked.kinds.length === 0) return undefined;
    const count = { ...options, targets: targets.length };
    const tensors = await LayerTensors.create(loaded, backend, asked.kinds, count);
    return new TensorFiles(asked, tensors, targets, loaded, options.score ?? 'logit');
  }

  /**
   * The file of a picture: `attention.0`, `gradient.281.0`, `tokens.0`, with all that is needed to read them as metadata.
   * @param logits of the picture, by which ranks become classes
   */
  async of(
    picture: Picture,
    logits: Float32Array | Float64Array,
    { generator = '', image, model }: ExplanationDocument,
    pathOf: (className: string | undefined) => string,
  ): Promise<FileToWrite> {
    const ready = preprocess(picture, this.loaded.preprocessing);
    const targets = resolvedTargets(this.targets, logits);
    const found = await this.tensors.run(ready, targets);
    const stored = found.map(({ kind, layer, target, ...tensor }) => {
      const of = target === undefined ? [] : [classNameOf({ target: targets[target] })];
      return [[kind, ...of, layer].join('.'), tensor] as const;
    });
    const { grid, prefixTokens } = this.loaded.model.geometry;
    const metadata = {
      // First, so that the file is known again by its beginning.
      generator,
      schema: 'vitrine-tensors-1',
      model: model.name,
      sha256: model.sha256,
      ...(image.path === undefined ? {} : { image: image.path }),
      grid: JSON.stringify(grid),
      prefix_tokens: String(prefixTokens),
      heads: String(this.loaded.model.config.heads),
      geometry: JSON.stringify(ready.geometry),
      ...(this.asked.kinds.some(isOfTarget) ? { targets: JSON.stringify(targets), score: this.score } : {}),
    };
    const classes = targets.flatMap((target) => classNameOf({ target }) ?? []);
    return {
      path: pathOf(classes.length === 0 ? undefined : classes.join('+')),
      data: writeSafetensors(new Map(stored), metadata),
    };
  }
}
