import { runLengths, type RunLengths } from '../../image/index.js';
import type { Explanation, ExplanationDocument } from '../document.js';
import type { FoundObjects } from './found-objects.js';

/** Boxes and masks as the COCO data set has them, so that whatever reads it reads these. */
export interface CocoDocument {
  /** By what the files of the command are known. */
  readonly generator?: string;
  readonly info: { readonly description: string };
  readonly licenses: readonly never[];
  readonly images: readonly [
    { readonly id: number; readonly file_name: string; readonly width: number; readonly height: number },
  ];
  readonly annotations: readonly CocoAnnotation[];
  readonly categories: readonly CocoCategory[];
}

/** An object. */
export interface CocoAnnotation {
  readonly id: number;
  readonly image_id: number;
  readonly category_id: number;
  readonly bbox: readonly [x: number, y: number, width: number, height: number];
  /** Pixels of the mask. */
  readonly area: number;
  readonly segmentation: RunLengths;
  readonly iscrowd: 0;
  readonly score: number;
  /** The method whose map it is of. */
  readonly method: string;
}

export interface CocoCategory {
  /** Of a class its index; others follow the last class. */
  readonly id: number;
  readonly name: string;
  readonly supercategory: string;
}

/** Of annotations of one picture; those of the next begin with the next thousand thousand. */
const MANY = 1_000_000;

/**
 * Boxes and masks of one picture.
 * Source: the COCO data set's format, https://cocodataset.org/#format-data, with the `score` of its results.
 * @param objects of each explanation of the document
 * @param about the name of the file, the place of the picture among those of the call, and how many classes the model has
 */
export function cocoOf(
  { generator, image: { width, height }, explanations }: ExplanationDocument,
  objects: readonly FoundObjects[],
  { file, position, classes }: { readonly file: string; readonly position: number; readonly classes: number },
): CocoDocument {
  const categories = new Map<string, CocoCategory>();
  const categoryOf = (explanation: Explanation): CocoCategory => {
    const name = nameOf(explanation);
    const key = explanation.class === null ? name : String(explanation.class);
    const unnumbered = [...categories.values()].filter(({ id }) => id >= classes).length;
    const id = explanation.class ?? classes + unnumbered;
    const category = categories.get(key) ?? { id, name, supercategory: '' };
    categories.set(key, category);
    return category;
  };
  const image = { id: position + 1, file_name: file, width, height };
  let next = position * MANY;
  const annotations = explanations.flatMap((explanation, i) => {
    const { id: category_id } = categoryOf(explanation);
    return objects[i].found.map(({ box, area, runs, score }): CocoAnnotation => {
      next++;
      return {
        ...{ id: next, image_id: image.id, category_id },
        bbox: [box.x, box.y, box.width, box.height],
        area,
        segmentation: runLengths(runs, { width, height }),
        iscrowd: 0,
        score,
        method: explanation.method,
      };
    });
  });
  return {
    ...(generator === undefined ? {} : { generator }),
    info: { description: 'Objects found on maps of a vision transformer by vitrine' },
    licenses: [],
    images: [image],
    annotations,
    categories: [...categories.values()],
  };
}

function nameOf({ class: index, label, target }: Explanation): string {
  return index === null ? (target ?? 'object') : (label ?? `class ${index}`);
}
