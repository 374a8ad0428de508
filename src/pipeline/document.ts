import { mostProbable, shortLabel, type Prediction } from '../models/index.js';
import { whyFlat } from './degenerate.js';
import type { ComputedMap, ExplainedPicture } from './explainer.js';

/** What `explain` tells of each picture. */
export interface ExplanationDocument {
  readonly image: {
    /** Absolute; absent for a picture that is no file. */
    readonly path?: string;
    /** Pixels of the original, also where it was decoded smaller, and maps are drawn so. */
    readonly width: number;
    readonly height: number;
    /** What a person must know of how it was read, such as that it was decoded smaller; mostly absent. */
    readonly note?: string;
  };
  readonly model: {
    readonly name: string;
    /** The checkpoint's absolute path. */
    readonly weights: string;
    readonly sha256: string;
    /** Why this is the demo model and how to get the default one; absent where it is not a substitute. */
    readonly note?: string;
  };
  readonly device: { readonly backend: string; readonly adapter: string };
  /** The five most probable classes, most probable first. */
  readonly predictions: readonly Prediction[];
  readonly explanations: readonly Explanation[];
  /** Loading and compiling are shared by all pictures of one call; the rest is this picture's. */
  readonly timings: {
    readonly load_ms: number;
    readonly compile_ms: number;
    readonly run_ms: number;
    readonly total_ms: number;
  };
}

export interface Explanation {
  readonly method: string;
  /** Null for a method that does not depend on a class. */
  readonly class: number | null;
  /** The class's name; absent where there is no class. */
  readonly label?: string;
  /** What the map was made with: all that its method looks at; for a contrast also the class that was subtracted. */
  readonly options: Readonly<Record<string, unknown>> & { readonly against?: number };
  /** Rows and columns of patches. */
  readonly grid: readonly [number, number];
  /** Raw, before any scaling for display; row by row. */
  readonly values: readonly number[];
  /** The picture drawn from it, an absolute path; absent where none was written. */
  readonly file?: string;
  /** What a person must know who looks at it, such as that there is nothing to see; mostly absent. */
  readonly note?: string;
}

/**
 * The document of one picture.
 * @param labels comma-separated synonyms of each class, by index
 * @param files of the drawn maps, in their order
 */
export function documentOf(
  { logits, maps }: ExplainedPicture,
  labels: readonly string[],
  about: Pick<ExplanationDocument, 'image' | 'model' | 'device' | 'timings'>,
  files: readonly string[] = [],
): ExplanationDocument {
  const { image, model, device, timings } = about;
  return {
    image,
    model,
    device,
    predictions: mostProbable(logits, labels, 5),
    explanations: maps.map((map, position) => explanationOf(map, labels, files.at(position))),
    timings,
  };
}

function explanationOf(map: ComputedMap, labels: readonly string[], file: string | undefined): Explanation {
  const { method, target, grid, values } = map;
  const flat = whyFlat(map);
  return {
    method: method.name,
    class: target?.index ?? null,
    ...(target ? { label: shortLabel(labels[target.index]) } : {}),
    options: { ...map.options, ...(target?.against === undefined ? {} : { against: target.against }) },
    grid,
    values: Array.from(values),
    ...(file === undefined ? {} : { file }),
    ...(flat === undefined ? {} : { note: flat }),
  };
}
