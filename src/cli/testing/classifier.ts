import type { Backend } from '../../compiler/backend.js';
import { compile } from '../../compiler/compile.js';
import { energy, saliency } from '../../evaluate/index.js';
import { factsOf } from '../../evaluate/object.js';
import { VitrineError } from '../../errors.js';
import { attentionGradient } from '../../explain/methods.js';
import { preprocess, type Preprocessed } from '../../image/index.js';
import { sizesOf } from '../../models/index.js';
import type { LoadedModel } from '../../node/index.js';
import { chooseMethods, Explainer } from '../../pipeline/index.js';
import { input } from '../../tensor/index.js';
import { Predictions, type LabelledPictures, type Metrics } from '../../train/index.js';
import { evenly } from '../evenly.js';
import { seenPart } from '../evaluation/pictures.js';

/** Pictures that go through the model at once. */
const BATCH = 32;
/** So many are explained, where masks are known: each costs three times what classifying it costs. */
const EXPLAINED = 500;

/** What a model is worth on pictures. */
export interface Worth {
  readonly metrics: Metrics;
  /** The mean share of the saliency that lies on the object (SMM), where masks are known, and of how many pictures. */
  readonly smm?: { readonly mean: number; readonly pictures: number };
  /** Why pictures were left out, by their names. */
  readonly damaged: ReadonlyMap<string, string>;
}

export interface TestedPictures {
  readonly pictures: LabelledPictures;
  /** The model's class for each class of the set. */
  readonly classes: readonly number[];
}

/**
 * Has a model classify pictures, and compares what it says with what they show.
 * @param advance is told how many more are done
 * @returns undefined if none of them can be read
 */
export async function worthOf(
  loaded: Pick<LoadedModel, 'model' | 'preprocessing'>,
  backend: Backend,
  { pictures, classes }: TestedPictures,
  { signal, advance }: { signal?: AbortSignal; advance?: (count: number) => void } = {},
): Promise<Worth | undefined> {
  const { model, preprocessing } = loaded;
  const image = input('image', [BATCH, ...model.inputShape]);
  const program = await compile({ logits: model.call(image) }, backend);
  const predictions = new Predictions();
  const damaged = new Map<string, string>();
  const values = new Float32Array(image.size);
  const one = image.size / BATCH;
  try {
    const count = pictures.labels.length;
    let next = readBatch(pictures, 0, preprocessing, damaged);
    for (let first = 0; first < count; first += BATCH) {
      signal?.throwIfAborted();
      const batch = await next;
      // The next ones are read while these are classified.
      next = readBatch(pictures, first + BATCH, preprocessing, damaged);
      batch.forEach((ready, i) => {
        if (ready) values.set(ready.values, i * one);
      });
      const { logits } = await program.run({ image: values });
      const outputs = logits.length / BATCH;
      batch.forEach((ready, i) => {
        if (!ready) return;
        predictions.add(logits.slice(i * outputs, (i + 1) * outputs), classes[pictures.labels[first + i]]);
      });
      advance?.(batch.length);
    }
  } finally {
    program.dispose();
  }
  if (predictions.count === 0) return undefined;
  const smm = await smmOf(loaded, backend, { pictures, classes }, signal);
  return { metrics: predictions.metrics(), ...(smm && { smm }), damaged };
}

async function readBatch(
  pictures: LabelledPictures,
  first: number,
  preprocessing: LoadedModel['preprocessing'],
  damaged: Map<string, string>,
): Promise<(Preprocessed | undefined)[]> {
  const result: (Preprocessed | undefined)[] = [];
  for (let index = first; index < Math.min(first + BATCH, pictures.labels.length); index++) {
    try {
      result.push(preprocess(await pictures.picture(index), preprocessing));
    } catch (error) {
      if (!(error instanceof VitrineError)) throw error;
      damaged.set(pictures.name(index), error.message);
      result.push(undefined);
    }
  }
  return result;
}

/** Of the class that is shown, by attention times gradient, on pictures spread evenly over all. */
async function smmOf(
  { model, preprocessing }: Pick<LoadedModel, 'model' | 'preprocessing'>,
  backend: Backend,
  { pictures, classes }: TestedPictures,
  signal: AbortSignal | undefined,
): Promise<Worth['smm']> {
  const { mask } = pictures;
  // What has no attention matrices has no such saliency.
  if (!mask || sizesOf(model.config).withoutAttention) return undefined;
  const methods = chooseMethods([attentionGradient], {}, model.config);
  const explainer = await Explainer.create({ model, preprocessing }, backend, { methods });
  const found: number[] = [];
  try {
    for (const index of evenly(pictures.labels.length, EXPLAINED)) {
      signal?.throwIfAborted();
      try {
        const ready = explainer.makeReady(await pictures.picture(index));
        const object = seenPart(await mask(index), ready[0].geometry);
        if (factsOf(object).inside === 0) continue;
        const target = { kind: 'class', index: classes[pictures.labels[index]] } as const;
        const [{ maps }] = await explainer.explain([ready], [[target]]);
        found.push(energy(saliency(maps[0], object), object));
      } catch (error) {
        if (!(error instanceof VitrineError)) throw error;
      }
    }
  } finally {
    explainer.dispose();
  }
  if (found.length === 0) return undefined;
  return { mean: found.reduce((sum, value) => sum + value, 0) / found.length, pictures: found.length };
}
