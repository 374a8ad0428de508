import type { Geometry, Threshold } from '../image/index.js';
import { mostProbable, shortLabel, type Prediction } from '../models/index.js';
import type { Values } from '../tensor/index.js';
import {
  ablatedMapOf,
  ablationDocumentOf,
  type AblatedMap,
  type AblatedPicture,
  type AblationDocument,
} from './ablated.js';
import { inOneSentence, type Appraisal, type Scores } from './appraisal.js';
import { whyFlat, whyNoDifference } from './degenerate.js';
import type { ExplainedPicture } from './explainer.js';
import type { ToldMap } from './experiments/found-map.js';

/** The version that a document names: another one if a part changes its meaning or goes away. */
export const schemaVersion = 'vitrine-explanation-1';

/** What `explain` tells of each picture. */
export interface ExplanationDocument {
  /** By what the files of the command are known: that vitrine wrote them, and a digest of what they are of. */
  readonly generator?: string;
  /** What it holds, by name and version: see docs/explanation.schema.json. */
  readonly schema: typeof schemaVersion;
  readonly image: {
    /** Absolute, with bytes that are not UTF-8 as `%E4`; absent for a picture that is no file. */
    readonly path?: string;
    /** Pixels of the original, also where it was decoded smaller, and maps are drawn so. */
    readonly width: number;
    readonly height: number;
    /** Number of the frame of a moving picture, counted from 0. */
    readonly frame?: number;
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
    /** What was taken for granted of a model that says little of itself; absent where nothing was. */
    readonly concluded?: readonly string[];
  };
  readonly device: { readonly backend: string; readonly adapter: string };
  /** The five most probable classes, most probable first; none of a model without classes. */
  readonly predictions: readonly Prediction[];
  readonly explanations: readonly Explanation[];
  /** What was taken out of model or picture, and what became of the classes; absent where nothing was. */
  readonly ablation?: AblationDocument;
  /**
   * Loading and compiling are shared by all pictures of one call; the rest is this picture's. The numbers of a large checkpoint
   * are read as part of compiling.
   */
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
  /**
   * What is explained: `log-probability` of the class, if it is not its logit; of a model without classes `feature:17`, `norm` or
   * `similarity:PATH`.
   */
  readonly target?: string;
  /** What the map was made with: all that its method looks at; for a contrast also the class that was subtracted. */
  readonly options: Readonly<Record<string, unknown>> & { readonly against?: number };
  /** Rows and columns of patches, or of what `axes` says. */
  readonly grid: readonly [number, number];
  /** What rows and columns are, if not those of patches: `block` and `head`. */
  readonly axes?: readonly [string, string];
  /** Where the patches lie in the picture: it was resized, then cropped. Absent where they are none. Pixels. */
  readonly geometry?: Geometry;
  /** The score with everything in place; of an experiment, whose values are what is lost of it. */
  readonly before?: number;
  /** How many maps a view has; absent for a single map, as are captions and scale. */
  readonly maps?: number;
  /** Of each of them. */
  readonly captions?: readonly string[];
  /** How the maps of a view are drawn: each from its own smallest value to its own largest. */
  readonly scale?: 'per map';
  /** Raw, before any scaling for display; row by row, and of a view map by map, in the order of the captions. */
  readonly values: readonly number[];
  /** What the classifier would say at each caption, most probable first; absent where it is not read. */
  readonly readings?: readonly Reading[];
  /** What its method tells beside the map, such as the shares of heads, by name; absent where there is nothing. */
  readonly numbers?: Readonly<Record<string, readonly number[]>>;
  /** Of a method that promises what the map sums to: what that is, and how far the map is from it. */
  readonly completeness?: { readonly promised: number; readonly gap: number };
  /** What of the map is taken for objects, if that was asked. */
  readonly objects?: ToldObjects;
  /** The map without what `ablation` took out. */
  readonly ablated?: AblatedMap;
  /** Whether it can be believed, if that was asked. */
  readonly measures?: ToldAppraisal;
  /** The picture drawn from it, an absolute path; absent where none was written. */
  readonly file?: string;
  /** What a person must know who looks at it, such as that there is nothing to see; mostly absent. */
  readonly note?: string;
}

/** The scores of a map by name, beside those of maps that know nothing of the picture. */
export interface ToldAppraisal {
  /** The class whose logit and probability were read. */
  readonly class: number;
  readonly scores: Scores;
  readonly random: Scores;
  readonly uniform: Scores;
  /** Probabilities of the class. */
  readonly tenth: Appraisal['tenth'];
  /** What that means, for anybody. */
  readonly sentence: string;
}

/** The objects that a map shows: pixels of the original picture. */
export interface ToldObjects {
  /** By which rule, or which share of the way from the map's smallest value to its largest. */
  readonly threshold: Threshold;
  /** The value from which on the map counts as object; null of a map that has nothing to tell apart. */
  readonly level: number | null;
  /** The most certain one first. */
  readonly found: readonly {
    readonly box: readonly [x: number, y: number, width: number, height: number];
    readonly area: number;
    /** How probable the class is, times how high the map rises there beside its highest place. */
    readonly score: number;
  }[];
}

/** What the classifier makes of what a block leaves, or of whatever the caption says. */
export interface Reading {
  readonly caption: string;
  readonly predictions: readonly Prediction[];
  /** What most patches would be taken for, each by itself, the most frequent class first. */
  readonly votes?: readonly Votes[];
}

export interface Votes {
  readonly index: number;
  readonly label: string;
  /** How many. */
  readonly patches: number;
}

/**
 * The document of one picture.
 * @param labels comma-separated synonyms of each class, by index; none of a model without classes
 * @param files of the drawn maps, in their order
 * @param ablated the same picture without something, if it was explained so too
 */
export function documentOf(
  { logits, maps }: Pick<ExplainedPicture, 'logits'> & { readonly maps: readonly ToldMap[] },
  labels: readonly string[],
  about: Pick<ExplanationDocument, 'generator' | 'image' | 'model' | 'device' | 'timings'>,
  files: readonly string[] = [],
  ablated?: AblatedPicture,
): ExplanationDocument {
  const { generator, image, model, device, timings } = about;
  return {
    ...(generator === undefined ? {} : { generator }),
    schema: schemaVersion,
    image,
    model,
    device,
    predictions: labels.length === 0 ? [] : mostProbable(logits, labels, told),
    explanations: maps.map((map, position) => ({
      ...explanationOf(map, logits, labels, files.at(position)),
      ...(ablated ? { ablated: ablatedMapOf(map, ablated.maps[position]) } : {}),
    })),
    ...(ablated ? { ablation: ablationDocumentOf({ logits, maps }, ablated, labels, told) } : {}),
    timings,
  };
}

/** Predictions that are told of. */
const told = 5;

/** What a document tells of a map. @param file of its picture */
export function explanationOf(
  map: ToldMap,
  logits: ArrayLike<number>,
  labels: readonly string[],
  file?: string,
): Explanation {
  const { method, target, grid, geometry, axes, before, captions, values } = map;
  const readings = readingsOf(map, labels);
  const note = whyFlat(map) ?? whyNoDifference(map, logits);
  return {
    method: method.name,
    ...explainedOf(map, labels),
    options: { ...map.options, ...(target?.kind === 'contrast' ? { against: target.against } : {}) },
    grid,
    ...(geometry === undefined ? {} : { geometry }),
    ...(axes === undefined ? {} : { axes }),
    ...(before === undefined ? {} : { before }),
    ...(captions === undefined ? {} : { maps: captions.length, captions, scale: 'per map' }),
    values: Array.from(values),
    ...(readings === undefined ? {} : { readings }),
    ...numbersOf(map),
    ...completenessOf(map),
    ...measuresOf(map, labels),
    ...objectsOf(map),
    ...(file === undefined ? {} : { file }),
    ...(note === undefined ? {} : { note }),
  };
}

function readingsOf(
  { captions, readings, votes }: ToldMap,
  labels: readonly string[],
): readonly Reading[] | undefined {
  if (captions === undefined || readings === undefined || labels.length === 0) return undefined;
  const classes = readings.length / captions.length;
  return captions.map((caption, i) => ({
    caption,
    predictions: mostProbable(readings.slice(i * classes, (i + 1) * classes), labels, told),
    ...(votes === undefined ? {} : { votes: mostFrequent(partOf(votes, i, captions.length), labels) }),
  }));
}

function partOf(values: Values, number: number, count: number): Values {
  const size = values.length / count;
  return values.slice(number * size, (number + 1) * size);
}

/** The classes that most patches voted for; of equally many the first. */
function mostFrequent(votes: Values, labels: readonly string[]): readonly Votes[] {
  const tally = new Map<number, number>();
  for (const index of votes) tally.set(index, (tally.get(index) ?? 0) + 1);
  return [...tally]
    .sort(([a, some], [b, others]) => others - some || a - b)
    .slice(0, told)
    .map(([index, patches]) => ({ index, label: shortLabel(labels[index]), patches }));
}

function numbersOf({ numbers }: ToldMap): Pick<Explanation, 'numbers'> {
  if (numbers === undefined) return {};
  return {
    numbers: Object.fromEntries(Object.entries(numbers).map(([name, values]) => [name, Array.from(values)])),
  };
}

function completenessOf({ promised, values }: ToldMap): Pick<Explanation, 'completeness'> {
  if (promised === undefined) return {};
  const sum = Array.from(values).reduce((total, value) => total + value, 0);
  return { completeness: { promised, gap: promised - sum } };
}

function measuresOf({ appraisal }: ToldMap, labels: readonly string[]): Pick<Explanation, 'measures'> {
  if (!appraisal) return {};
  const label = shortLabel(labels[appraisal.class.index]);
  const { scores, random, uniform, tenth } = appraisal;
  return {
    measures: {
      class: appraisal.class.index,
      scores,
      random,
      uniform,
      tenth,
      sentence: inOneSentence(appraisal, label),
    },
  };
}

function objectsOf({ objects }: ToldMap): Pick<Explanation, 'objects'> {
  if (!objects) return {};
  const { threshold, level = null, found } = objects;
  const told = found.map(({ box: { x, y, width, height }, area, score }) => {
    return { box: [x, y, width, height] as const, area, score };
  });
  return { objects: { threshold, level, found: told } };
}

/** What is explained, in a document's words. */
function explainedOf(
  { target, score }: ToldMap,
  labels: readonly string[],
): Pick<Explanation, 'class' | 'label' | 'target'> {
  switch (target?.kind) {
    case undefined:
      return { class: null };
    case 'class':
    case 'contrast':
      return {
        class: target.index,
        label: shortLabel(labels[target.index]),
        ...(score === 'log-probability' ? { target: score } : {}),
      };
    case 'feature':
      return { class: null, target: `feature:${target.index}` };
    case 'norm':
      return { class: null, target: 'norm' };
    case 'similarity':
      return {
        class: null,
        target: ['similarity', ...(target.name === undefined ? [] : [target.name])].join(':'),
      };
    default:
      return target satisfies never;
  }
}
