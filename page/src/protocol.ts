/** What the page and its worker tell each other: plain data, no tensors. */
import type { ClassTarget, ExplanationDocument, Geometry, Picture, Prediction, Score, Shows } from 'vitrine';

/** `auto` is a GPU through WebGPU, else WebAssembly, else whatever adapter there is. */
export const deviceChoices = ['auto', 'webgpu', 'wasm'] as const;
export type DeviceChoice = (typeof deviceChoices)[number];

export interface DeviceFacts {
  readonly backend: string;
  /** As a person would name it; of a software adapter that it is one. */
  readonly adapter: string;
  /** Why this one. */
  readonly reason: string;
}

/** What may be given for an option of a method. */
export type OptionKind =
  | { readonly kind: 'choice'; readonly names: readonly string[] }
  | { readonly kind: 'number'; readonly least: number; readonly most: number; readonly whole: boolean }
  | { readonly kind: 'range'; readonly most: number }
  | { readonly kind: 'patch' }
  | { readonly kind: 'name-or-number'; readonly names: readonly string[]; readonly most: number };

export type OptionFacts = OptionKind & {
  readonly name: string;
  readonly help: string;
  readonly fallback: unknown;
};

export interface MethodFacts {
  readonly name: string;
  readonly explains: string;
  readonly of: 'pass' | 'class';
  /** Several maps, side by side. */
  readonly view: boolean;
  /** Many runs: worth a bar of progress. */
  readonly slow: boolean;
  readonly options: readonly OptionFacts[];
  readonly cited: string;
  readonly title: string;
  readonly url?: string | undefined;
}

export interface ModelFacts {
  readonly name: string;
  readonly output: 'classes' | 'embedding' | 'features';
  /** The first of each class's names. */
  readonly labels: readonly string[];
  readonly depth: number;
  readonly heads: number;
  readonly headWidth: number;
  readonly width: number;
  readonly prefixTokens: number;
  readonly grid: readonly [rows: number, columns: number];
  /** Of its input, in pixels. */
  readonly imageSize: readonly [height: number, width: number];
  readonly parameters: number;
  readonly licence: string;
  readonly concluded: readonly string[];
  /** Of every head, `[tokens, tokens]`; some kinds of attention have no such matrices. */
  readonly hasAttention: boolean;
  /** Those that are defined on it. */
  readonly methods: readonly MethodFacts[];
  /** By name: those that most want, of those that are defined. */
  readonly firstMethods: readonly string[];
  /** Of the usual ones which are not, why, and what is there instead. */
  readonly undefinedMethods?: string | undefined;
  /** By name: what is explained with where none was chosen. */
  readonly usualMethod: string;
}

/** A model that the page can have. */
export type ModelPlace =
  | { readonly from: 'page'; readonly content: ArrayBuffer }
  | { readonly from: 'hub'; readonly name: string }
  | { readonly from: 'files'; readonly files: readonly File[] };

/** What a person wants of a model otherwise than it was made. */
export interface Adaptation {
  /** Height and width of its input, as they are typed: `384` or `384x512`. */
  readonly imageSize?: string | undefined;
  /** Names of its classes. */
  readonly labels?: File | undefined;
}

export interface PictureFacts {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Small enough to be drawn quickly; the original's size is in its `reducedFrom` if it is not that. */
  readonly shown: Picture;
  /** What the model sees of it. */
  readonly seen: Picture;
  readonly geometry: Geometry;
  readonly note?: string | undefined;
}

/** Block and head. */
export type HeadPlace = readonly [block: number, head: number];

export interface MapQuestion {
  readonly method: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly target: ClassTarget;
  readonly score: Score;
  /** Heads that are knocked out. */
  readonly without: readonly HeadPlace[];
}

export interface MapFacts {
  readonly method: string;
  /** Checked and complete. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly shows: Shows;
  /** What it explains, a rank resolved; undefined of a method of no class. */
  readonly target: ClassTarget | undefined;
  readonly grid: readonly [rows: number, columns: number];
  readonly values: Float32Array;
  readonly geometry: Geometry;
  /** Of a view, one for each map. */
  readonly captions?: readonly string[] | undefined;
  /** What the classifier would say at each caption, most probable first. */
  readonly readings?: readonly (readonly Prediction[])[] | undefined;
  /** Why there is nothing to see. */
  readonly note?: string | undefined;
}

export interface MapAnswer {
  readonly map: MapFacts;
  /** Most probable first, with all heads in their places. */
  readonly predictions: readonly Prediction[];
  /** Of every class, with all heads in their places. */
  readonly logits: Float32Array;
  /** The same without those that were knocked out. */
  readonly after?: Float32Array | undefined;
  /** Of the run alone, nothing loaded or compiled. */
  readonly run_ms: number;
}

/** What goes on inside, for all blocks or, of a large model, one. */
export interface InsideAnswer {
  /** First and last block. */
  readonly blocks: readonly [first: number, last: number];
  readonly tokens: number;
  /** `[heads, tokens, tokens]` of each block. */
  readonly attention: readonly Float32Array[];
  /** How much each token counts in what is classified. */
  readonly query: Float32Array;
  /** Heads that were knocked out. */
  readonly without: readonly HeadPlace[];
}

/** What the tour shows: of one block all that its heads read, and of the whole model what it is made of. */
export interface TourAnswer {
  /** `[patches, width]`, before positions are added. */
  readonly embedded: Float32Array;
  /** Cosine of each pair of positions, `[patches, patches]`. */
  readonly positions: Float32Array;
  /** `[heads, tokens, headWidth]` */
  readonly query: Float32Array;
  readonly key: Float32Array;
  readonly value: Float32Array;
  /** Before the softmax, scaled: `[heads, tokens, tokens]`. */
  readonly scores: Float32Array;
  /** Rollout up to each block: `[blocks, patches]`. */
  readonly gathered: Float32Array;
}

export interface HubModel {
  readonly name: string;
  readonly licence: string;
  /** Whether it is kept in the browser already. */
  readonly kept: boolean;
}

export interface HubSize {
  readonly bytes: number;
}

export interface Progress {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
}

/** What the worker can be asked for, with what is given and what comes back. */
export interface Calls {
  device: { given: { readonly choice: DeviceChoice; readonly base: string }; back: DeviceFacts };
  /** Without a place it is the one that is there, adapted. */
  model: { given: Adaptation & { readonly place?: ModelPlace | undefined }; back: ModelFacts };
  models: { given: undefined; back: readonly HubModel[] };
  size: { given: { readonly name: string }; back: HubSize };
  forget: { given: { readonly name: string }; back: undefined };
  /** Without content it is the one that is there, for another model. */
  picture: {
    given: { readonly name: string; readonly content?: Blob | ImageBitmap | undefined };
    back: PictureFacts;
  };
  map: { given: MapQuestion; back: MapAnswer };
  inside: { given: { readonly block: number; readonly without: readonly HeadPlace[] }; back: InsideAnswer };
  tour: { given: { readonly block: number }; back: TourAnswer };
  /** Of the map that was asked for so. */
  document: { given: MapQuestion; back: ExplanationDocument };
}

export type CallName = keyof Calls;

/** From the page. */
export type ToWorker =
  | { readonly kind: 'call'; readonly id: number; readonly name: CallName; readonly given: unknown }
  | { readonly kind: 'cancel'; readonly id: number };

/** From the worker. */
export type FromWorker =
  | { readonly kind: 'done'; readonly id: number; readonly back: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string; readonly cancelled: boolean }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: Progress };
