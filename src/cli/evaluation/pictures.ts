import { ImageError, UsageError } from '../../errors.js';
import { factsOf } from '../../evaluate/object.js';
import {
  originalSize,
  type Geometry,
  type Mask,
  type Picture,
  type Preprocessing,
} from '../../image/index.js';
import { resizeWindow } from '../../image/resize.js';
import { imagenetLabels, imagenetWordnetIds, resolveClass } from '../../models/index.js';
import { readPicture, type LoadedModel } from '../../node/index.js';
import type { DataObject, DataPicture } from '../../node/datasets/data-set.js';
import {
  makeReady,
  preprocessingsOf,
  type ChosenMethod,
  type EvaluatedObject,
  type EvaluatedPicture,
  type ReadyPicture,
} from '../../pipeline/index.js';
import type { Fit } from './options.js';

/** What pictures are made ready for. */
export interface Recipient {
  readonly loaded: Pick<LoadedModel, 'labels' | 'preprocessing' | 'model'>;
  readonly chosen: readonly ChosenMethod[];
  readonly fit: Fit;
}

/**
 * Reads a picture with its masks.
 * @param number its place in the data set
 * @throws VitrineError, for the picture to be left out: it cannot be read, its mask has another size, its class is not known
 */
export async function evaluatedPicture(
  data: DataPicture,
  number: number,
  recipient: Recipient,
): Promise<EvaluatedPicture> {
  if (data.trouble !== undefined) throw new UsageError(`${data.trouble}.`);
  const { labels } = recipient.loaded;
  const classes = data.objects.map((object) => classOf(object, labels));
  const picture = await readPicture(data.path);
  const ready = makeReady(picture, preprocessingsOf(recipient.chosen, preprocessingOf(picture, recipient)));
  const found: EvaluatedObject[] = [];
  for (const [i, { mask }] of data.objects.entries()) {
    const masks = mask && (await seenMasks(mask, picture, ready));
    found.push({ class: classes[i], masks });
  }
  return { ready, objects: found.length === 0 ? [{ class: undefined }] : merged(found), seed: number };
}

/** Pictures of the input's size are taken as they are: nobody made them so to have their margin cut off. */
function preprocessingOf(picture: Picture, { loaded, fit }: Recipient): Preprocessing {
  const { preprocessing, model } = loaded;
  const [, height, width] = model.inputShape;
  const isOfSize = picture.width === width && picture.height === height;
  if (fit === 'model' || (fit === undefined && !isOfSize)) return preprocessing;
  const { size, mean, std, interpolation } = preprocessing;
  return { fit: 'squash', size, mean, std, ...(interpolation === undefined ? {} : { interpolation }) };
}

/** An index, a name or a WordNet id. */
export function classOf({ class: name }: DataObject, labels: readonly string[]): number | undefined {
  if (name === undefined) return undefined;
  const wordnet = labels.length === imagenetLabels.length ? imagenetWordnetIds.indexOf(String(name)) : -1;
  return wordnet >= 0 ? wordnet : resolveClass(String(name), labels);
}

async function seenMasks(
  { path, reading }: NonNullable<DataObject['mask']>,
  picture: Picture,
  ready: ReadyPicture,
): Promise<readonly Mask[]> {
  const file = await readPicture(path);
  const [own, of] = [originalSize(file), originalSize(picture)];
  if (own.width !== of.width || own.height !== of.height) {
    throw new ImageError(
      `its mask has ${own.width}x${own.height} pixels and the picture ${of.width}x${of.height}.`,
    );
  }
  const whole = reading(file);
  if (factsOf(whole).inside === 0) throw new ImageError('its mask is empty.');
  const masks = ready.map(({ geometry }) => seenPart(whole, geometry));
  if (masks.some((mask) => factsOf(mask).inside === 0)) {
    throw new ImageError('its object lies in what is cut off before the model sees it.');
  }
  return masks;
}

/** A mask as the model saw its picture. */
export function seenPart(mask: Mask, { original, resized, crop }: Geometry): Mask {
  const isWhole = resized.width === original.width && resized.height === original.height;
  if (isWhole && crop.width === mask.width && crop.height === mask.height) return mask;
  const data = new Uint8Array(3 * mask.width * mask.height);
  for (let i = 0; i < mask.values.length; i++) data.fill(Math.round(255 * mask.values[i]), 3 * i, 3 * i + 3);
  const picture = { width: mask.width, height: mask.height, data };
  const seen = resizeWindow(picture, resized.width, resized.height, crop, 'bilinear');
  return {
    width: seen.width,
    height: seen.height,
    values: Float32Array.from({ length: seen.width * seen.height }, (_, i) => seen.data[3 * i] / 255),
  };
}

/** Several objects of one class are one: a map of the class is about all of them. */
function merged(objects: readonly EvaluatedObject[]): readonly EvaluatedObject[] {
  const found: EvaluatedObject[] = [];
  for (const object of objects) {
    const place = found.findIndex((known) => known.class === object.class);
    if (place < 0) found.push(object);
    else found[place] = { class: object.class, masks: together(found[place].masks, object.masks) };
  }
  return found;
}

function together(a: EvaluatedObject['masks'], b: EvaluatedObject['masks']): EvaluatedObject['masks'] {
  if (!a || !b) return a ?? b;
  return a.map((mask, form) => ({
    ...mask,
    values: Float32Array.from(mask.values, (value, i) => Math.max(value, b[form].values[i])),
  }));
}
