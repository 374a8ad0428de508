import type { LayerRange, MethodName, MethodOptions } from '../explain/index.js';
import type { Prediction } from '../models/index.js';

/** What `explain` writes for each picture, and prints with --json. All paths are absolute. */
export interface ExplanationDocument {
  readonly image: { readonly path: string; readonly width: number; readonly height: number };
  readonly model: {
    readonly name: string;
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
  readonly method: MethodName;
  /** Null for a method that does not depend on a class. */
  readonly class: number | null;
  /** The class's name; absent where there is no class. */
  readonly label?: string;
  readonly options: ExplanationOptions;
  /** Rows and columns of patches. */
  readonly grid: readonly [number, number];
  /** Raw, before any scaling for display; row by row. */
  readonly values: readonly number[];
  /** The picture drawn from it. */
  readonly file: string;
}

/** What the map was made with: all that its method looks at. */
export interface ExplanationOptions extends Partial<MethodOptions> {
  /** First and last block, counted from 0. */
  readonly layers: LayerRange;
  /** The map explains the logit of the class minus the logit of this one. */
  readonly against?: number;
}
