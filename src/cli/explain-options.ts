import { UsageError } from '../errors.js';
import { findMethods, isView, type AnyMethod, type Score } from '../explain/index.js';
import { colormap, type ColormapName, type Threshold } from '../image/index.js';
import {
  defaultModelName,
  type Extent,
  findModel,
  labelsOf,
  outputCount,
  type ModelEntry,
  type OutputKind,
  type VisionTransformerConfig,
} from '../models/index.js';
import {
  deviceNames,
  parseThreads,
  type DeviceName,
  type ModelRequest,
  type OpenedModel,
} from '../node/index.js';
import {
  defaultMethodsOf,
  definedOn,
  featureTargets,
  isOfTarget,
  parseFeatureTargets,
  parseTargets,
  type AskedTarget,
  type ChosenMethod,
} from '../pipeline/index.js';
import { ablationOf, type AskedAblation, type RawAblation } from './ablation.js';
import { inWords } from './demo-model.js';
import type { FigureKind } from './figures.js';
import { givenOptions, wordingOf } from './method-options.js';
import { oneOf } from './one-of.js';
import { fromPerson, modelFromPerson } from './paths.js';
import { savingOf, type AskedSaving } from './saved.js';
import { standardInput } from './picture-sources.js';
import { shownAs, type RawShownAs, type ShownAs } from './shown-as.js';

/** What commander collects for `explain`, as typed; those of the methods too, by their names. */
export interface RawExplainOptions extends RawAblation, RawShownAs {
  readonly image?: readonly string[];
  readonly model?: string;
  readonly weights?: string;
  readonly imageSize?: string;
  readonly labels?: string;
  readonly class?: string;
  readonly target?: string;
  readonly save?: string;
  readonly html?: string;
  readonly frames?: string;
  readonly device: string;
  readonly adapter?: string;
  readonly threads?: string;
  readonly colormap?: string;
  readonly out: string;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly preview?: boolean;
  readonly measure?: boolean;
  readonly selfCheck?: boolean;
}

/** What does not depend on the model, checked, with absolute paths. */
export interface ExplainOptions {
  /** Of the standard input `standardInput`. */
  readonly images: readonly string[];
  readonly model: string | undefined;
  readonly weights: string | undefined;
  /** A file with names of the classes, if not the model's own. */
  readonly labels: string | undefined;
  /** Of the model's input, if not its own. */
  readonly imageSize: Extent | undefined;
  /** Those of a model; undefined: what answers the question for whoever names none. */
  readonly methods: ((isDefined: (method: AnyMethod) => boolean) => readonly AnyMethod[]) | undefined;
  readonly shown: ShownAs;
  readonly device: DeviceName;
  readonly adapter: string | undefined;
  /** Undefined: all cores that the process may use. */
  readonly threads: number | undefined;
  /** Undefined: what suits the map. */
  readonly colormap: ColormapName | undefined;
  readonly out: string;
  /** The page that is also written, if one is. */
  readonly html: string | undefined;
  /** Whether what a person would miss may be replaced. */
  readonly force: boolean;
  readonly json: boolean;
  /** Whether pictures are shown in a terminal that can. */
  readonly preview: boolean;
  /** Whether each map is measured by taking patches away. */
  readonly measure: boolean;
}

/** What of a model's answer is asked about. */
export interface AskedTargets {
  /** Classes or features to explain, for the methods that explain one. */
  readonly targets: readonly AskedTarget[];
  /** What of a class. */
  readonly score: Score;
}

/** What does, checked: classes and layers are the model's own. */
export interface Request extends AskedTargets {
  readonly methods: readonly ChosenMethod[];
  /** What is taken out, if anything is. */
  readonly ablation?: AskedAblation | undefined;
  /** Which raw numbers are written. */
  readonly saving: AskedSaving;
  /** What was named, and not left to the command. */
  readonly named: { readonly methods: readonly string[]; readonly classes: boolean };
  /** The probability that a class must have more than to be shown beside the most probable one. */
  readonly least: number;
  readonly figure: FigureKind;
  /** What of each map is taken for objects, if they are looked for. */
  readonly threshold?: Threshold | undefined;
}

/**
 * Checks what depends on no model.
 * @param positional pictures given without --image
 * @throws UsageError that says which option is wrong and what it takes
 */
export function checkOptions(raw: RawExplainOptions, positional: readonly string[]): ExplainOptions {
  const images = [...positional, ...(raw.image ?? [])];
  if (images.length === 0) throw new UsageError('No picture was given; name at least one: --image PATH.');
  if (images.indexOf(standardInput) !== images.lastIndexOf(standardInput)) {
    throw new UsageError('The standard input holds one picture; give "-" once.');
  }
  return { images: images.map(imageFromPerson), ...checkSettings(raw) };
}

/** The same of all that does not name pictures. */
export function checkSettings(raw: RawExplainOptions): Omit<ExplainOptions, 'images'> {
  const { name: model, ...files } = checkModel(raw);
  return {
    ...{ model, ...files },
    methods: raw.method === undefined ? undefined : methodsOf(raw.method),
    shown: shownAs(raw),
    ...checkDevice(raw),
    colormap: raw.colormap === undefined ? undefined : colormap(raw.colormap).name,
    out: fromPerson(notEmpty('--out', raw.out)),
    html: raw.html === undefined ? undefined : pageFromPerson(raw.html),
    force: raw.force ?? false,
    json: raw.json ?? false,
    preview: raw.preview ?? true,
    measure: raw.measure ?? false,
  };
}

/** Which model is meant, by absolute paths; undefined: what was not said. */
export type AskedModel = Required<ModelRequest>;

/** @throws UsageError that says which option is wrong and what it takes */
export function checkModel(
  raw: Pick<RawExplainOptions, 'model' | 'weights' | 'imageSize' | 'labels'>,
): AskedModel {
  const path = (option: string, text: string | undefined): string | undefined =>
    text === undefined ? undefined : fromPerson(notEmpty(option, text));
  return {
    name: raw.model === undefined ? undefined : modelFromPerson(notEmpty('--model', raw.model)),
    weights: path('--weights', raw.weights),
    imageSize: raw.imageSize === undefined ? undefined : parseSize(raw.imageSize),
    labels: path('--labels', raw.labels),
  };
}

/** What a list of names stands for, which depends on the model. @throws UsageError for a name that is none */
function methodsOf(names: string): NonNullable<ExplainOptions['methods']> {
  const all = namesOf(names).join(',');
  findMethods(all);
  return (isDefined) => findMethods(all, isDefined);
}

function namesOf(methods: string): readonly string[] {
  const names = notEmpty('--method', methods)
    .split(',')
    .map((name) => name.trim());
  if (!names.includes('')) return names;
  throw new UsageError(`--method "${methods}" has an empty name; separate names by one comma.`);
}

/** What of a model the request depends on. */
export interface Asked {
  readonly config: VisionTransformerConfig;
  /** Comma-separated synonyms of each class, by index. */
  readonly labels: readonly string[];
  readonly output: OutputKind;
}

/** The same of a registered model. */
export function askedOf(entry: ModelEntry): Asked {
  return { config: entry.config, labels: labelsOf(entry), output: entry.output };
}

/**
 * Checks the rest, once it is known which model will be used.
 * @throws UsageError that says which option is wrong and what it takes
 */
export function checkRequest(
  raw: RawExplainOptions,
  { methods, shown }: Pick<ExplainOptions, 'methods' | 'shown'>,
  asked: Asked,
): Request {
  if (raw.measure && asked.output !== 'classes') {
    throw new UsageError(
      '--measure reads how probable a class stays, and this model has no classes; leave it out.',
    );
  }
  const drawn = ofMapsAsColours.find((option) => raw[option] !== undefined);
  if (shown.threshold !== undefined && drawn !== undefined) {
    throw new UsageError(`--${drawn} is for maps that are drawn as colours; leave it out with --objects.`);
  }
  const typed = { ...raw };
  const isDefined = definedOn(asked.config);
  const named = methods?.(isDefined) ?? shown.methods;
  // Objects are looked for in a picture of which nothing need be known.
  const isOpen = methods === undefined && (shown.methods === undefined || shown.threshold !== undefined);
  const chosen = named ?? methodsFor(raw, asked);
  const explainsClass = chosen.find(({ of }) => of === 'class');
  const saving = savingOf(raw.save);
  const ofTarget = saving.kinds.find(isOfTarget);
  const { targets, score } = checkTargets(
    raw,
    asked,
    explainsClass?.name ?? ofTarget,
    isOpen ? defaultClasses : 1,
  );
  return {
    methods: shown.choose(chosen, givenOptions(typed), asked.config, wordingOf(typed)),
    targets: explainsClass ? targets : [],
    score,
    ablation: ablationOf(raw, asked.config),
    saving: { ...saving, targets: ofTarget ? targets : [] },
    named: {
      methods: raw.method === undefined ? [] : namesOf(raw.method),
      classes: explainsClass !== undefined && (raw.class ?? raw.target) !== undefined,
    },
    least: isOpen && raw.class === undefined ? probableEnough : 0,
    figure: shown.figure,
    threshold: shown.threshold,
  };
}

/** What objects are not drawn by. */
const ofMapsAsColours = ['ablate', 'colormap'] as const;

/** What is explained where no class is named: the most probable one, and the next if it is probable enough to be shown. */
const defaultClasses = 2;
const probableEnough = 0.1;

/** Where nothing can be asked of a model, those that ask for nothing. */
export function methodsFor(
  { target }: Pick<RawExplainOptions, 'target'>,
  { output, config }: Pick<Asked, 'output' | 'config'>,
): readonly AnyMethod[] {
  const isAsked = output === 'classes' || target !== undefined;
  const usual = defaultMethodsOf(config);
  return usual.filter((method) => (isAsked ? !isView(method) : method.of === 'pass'));
}

/**
 * What of the model's answer is asked about.
 * @param method one that explains a target, if there is one
 * @param classes how many of the most probable are asked about if none is named
 * @throws UsageError that says which option is wrong and what it takes
 */
export function checkTargets(
  raw: Pick<RawExplainOptions, 'class' | 'target'>,
  { config, labels, output }: Asked,
  method: string | undefined,
  classes = 1,
): AskedTargets {
  const asked = raw.class ?? `top${Math.min(classes, labels.length)}`;
  return output === 'classes'
    ? { targets: parseTargets(asked, labels), score: scoreOf(raw.target, labels.length) }
    : { targets: targetsOfFeatures(raw, outputCount(config), method), score: 'logit' };
}

/** What can be asked of classes with --target. */
export const scores: Readonly<Record<string, Score>> = { logit: 'logit', logprob: 'log-probability' };

function scoreOf(asked: string | undefined, classes: number): Score {
  const score = scores[oneOf('--target', asked ?? 'logit', Object.keys(scores), 'of a class')];
  if (score === 'logit' || classes > 1) return score;
  throw new UsageError(
    'This model has one output, whose log-probability is always 0; leave --target out: its logit is explained.',
  );
}

/** @param method one that explains a target, if there is one */
function targetsOfFeatures(
  raw: Pick<RawExplainOptions, 'class' | 'target'>,
  features: number,
  method: string | undefined,
): readonly AskedTarget[] {
  if (raw.class !== undefined) {
    throw new UsageError(`This model has no classes, but features; give --target ${featureTargets}.`);
  }
  if (raw.target !== undefined) return parseFeatureTargets(notEmpty('--target', raw.target), features);
  if (method === undefined) return [];
  throw new UsageError(
    `${method} explains a target, and this model has no classes; give --target ${featureTargets}.`,
  );
}

/**
 * The same for a model that may stand for the default one. What it refuses and the default would take is refused with a
 * word about why this is not that one.
 */
export function checkSubstituted<Checked>(
  { model, labels, output, fallback }: OpenedModel,
  check: (asked: Asked) => Checked,
): Checked {
  try {
    return check({ config: model.config, labels, output });
  } catch (error) {
    if (!(error instanceof UsageError) || !fallback || !isTaken(check)) throw error;
    throw new UsageError(`${error.message.replace(/\.$/, '')}; this is ${inWords(fallback)}.`, {
      cause: error,
    });
  }
}

function isTaken(check: (asked: Asked) => unknown): boolean {
  try {
    check(askedOf(findModel(defaultModelName)));
    return true;
  } catch {
    return false;
  }
}

/** @throws UsageError if the device is not known, the adapter's name is empty or the threads are no number */
export function checkDevice(
  raw: Pick<RawExplainOptions, 'device' | 'adapter' | 'threads'>,
): Pick<ExplainOptions, 'device' | 'adapter' | 'threads'> {
  return {
    device: oneOf('--device', raw.device, deviceNames),
    adapter: raw.adapter === undefined ? undefined : notEmpty('--adapter', raw.adapter),
    threads: raw.threads === undefined ? undefined : parseThreads('--threads', raw.threads),
  };
}

/** `384`, or `384x512` for height and width. */
function parseSize(text: string): Extent {
  const found = /^\s*(\d+)\s*(?:[x\u00d7]\s*(\d+)\s*)?$/i.exec(text);
  const [height, width] = (found ?? [])
    .slice(1)
    .map((side: string | undefined) => Number(side ?? found?.[1]));
  const isSize = (side: number | undefined): boolean => side !== undefined && side >= 1 && side <= 8192;
  if (isSize(height) && isSize(width)) return height === width ? height : [height, width];
  throw new UsageError(
    `--image-size is "${text}"; give pixels, such as 384, or height and width, such as 384x512.`,
  );
}

function imageFromPerson(path: string): string {
  return path === standardInput ? path : fromPerson(notEmpty('The path of a picture', path));
}

/** A browser shows what is on the disk as its ending says. */
function pageFromPerson(path: string): string {
  if (/\.html?$/i.test(notEmpty('--html', path))) return fromPerson(path);
  throw new UsageError(
    `--html is "${path}", which a browser would not take for a page; give a name that ends in .html.`,
  );
}

/** An empty path would stand for the whole folder, and an empty name for every adapter. */
export function notEmpty(what: string, text: string): string {
  if (text.trim() === '') {
    throw new UsageError(`${what} is empty, as from a shell variable that is not set; give a value.`);
  }
  return text;
}
