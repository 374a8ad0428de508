import { originalSize, type ColormapName, type Preprocessed, type Preprocessing } from '../../image/index.js';
import { encodePng } from '../../node/index.js';
import { decodePicture } from '../../node/pictures/decode.js';
import type { PictureOfFile } from '../../node/pictures/picture-of-file.js';
import { makeReady, type ChosenMethod, type ComputedMap } from '../../pipeline/index.js';
import { drawMap } from '../../report/index.js';
import { ownBuffer, type Outcome } from './serve.js';

/** A picture in each of the forms that the methods ask for, without what only people would look at. */
export type Forms = readonly Pick<Preprocessed, 'values' | 'geometry'>[];

/** A picture as a device takes it. */
export interface PreparedPicture {
  /** Pixels of the original. */
  readonly width: number;
  readonly height: number;
  readonly note?: string;
  readonly forms: Forms;
  /** Present if it will be drawn. */
  readonly picture?: PictureOfFile;
}

/** What a map is drawn of, beside its picture. */
export interface DrawnMap extends Pick<ComputedMap, 'target' | 'score' | 'grid' | 'values' | 'geometry'> {
  /** Number of its method. */
  readonly chosen: number;
}

/** What threads that read and draw pictures are asked for. */
export type PictureTask =
  | { readonly kind: 'prepare'; readonly bytes: Uint8Array; readonly name: string; readonly keep: boolean }
  | { readonly kind: 'draw'; readonly picture: PictureOfFile; readonly maps: readonly DrawnMap[] };

/** The one of a task of its kind: a picture made ready, or drawn maps as PNG. */
export type PictureResult<Task extends PictureTask = PictureTask> = Task extends { kind: 'prepare' }
  ? PreparedPicture
  : readonly Uint8Array[];

/** How they are read and drawn. */
export interface Studio {
  readonly chosen: readonly ChosenMethod[];
  readonly preprocessings: readonly Preprocessing[];
  readonly colormap: ColormapName | undefined;
}

/** @throws ImageError for what is no picture */
export async function pictureWork(studio: Studio, task: PictureTask): Promise<Outcome<PictureResult>> {
  if (task.kind === 'draw') return drawn(studio, task.picture, task.maps);
  const { bytes, name, keep } = task;
  const picture = await decodePicture(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), name);
  const forms = makeReady(picture, studio.preprocessings).map(({ values, geometry }) => ({
    values,
    geometry,
  }));
  const result = {
    ...originalSize(picture),
    ...(picture.note === undefined ? {} : { note: picture.note }),
    forms,
    ...(keep ? { picture } : {}),
  };
  const transfer = [...forms.map(({ values }) => values), ...(keep ? [picture.data] : [])].flatMap(ownBuffer);
  return { result, transfer };
}

function drawn(
  { chosen, colormap }: Studio,
  picture: PictureOfFile,
  maps: readonly DrawnMap[],
): Outcome<readonly Uint8Array[]> {
  const result = maps.map(({ chosen: number, ...map }) =>
    encodePng(drawMap(picture, { ...chosen[number], ...map }, colormap)),
  );
  return { result, transfer: result.flatMap(ownBuffer) };
}
