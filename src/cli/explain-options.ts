import { UsageError } from '../errors.js';
import { findMethod, type AnyMethod, type ClassTarget } from '../explain/index.js';
import { colormap, type ColormapName } from '../image/index.js';
import { findModel, modelNames, type VisionTransformerConfig } from '../models/index.js';
import { deviceNames, parseThreads, type DeviceName, type OpenedModel } from '../node/index.js';
import { chooseMethods, parseTargets, type ChosenMethod } from '../pipeline/index.js';
import { inWords } from './demo-model.js';
import { givenOptions, wordingOf } from './method-options.js';
import { fromPerson } from './paths.js';

/** What commander collects for `explain`, as typed; those of the methods too, by their names. */
export interface RawExplainOptions {
  readonly image?: readonly string[];
  readonly model?: string;
  readonly weights?: string;
  readonly method: string;
  readonly class?: string;
  readonly device: string;
  readonly adapter?: string;
  readonly threads?: string;
  readonly colormap?: string;
  readonly out: string;
  readonly json?: boolean;
  readonly selfCheck?: boolean;
}

/** What does not depend on the model, checked, with absolute paths. */
export interface ExplainOptions {
  readonly images: readonly string[];
  readonly model: string | undefined;
  readonly weights: string | undefined;
  readonly methods: readonly AnyMethod[];
  readonly device: DeviceName;
  readonly adapter: string | undefined;
  /** Undefined: all cores that the process may use. */
  readonly threads: number | undefined;
  /** Undefined: what suits the map. */
  readonly colormap: ColormapName | undefined;
  readonly out: string;
  readonly json: boolean;
}

/** What does, checked: classes and layers are the model's own. */
export interface Request {
  readonly methods: readonly ChosenMethod[];
  /** Classes to explain, for the methods that explain one. */
  readonly targets: readonly ClassTarget[];
}

/**
 * Checks what depends on no model.
 * @param positional pictures given without --image
 * @throws UsageError that says which option is wrong and what it takes
 */
export function checkOptions(raw: RawExplainOptions, positional: readonly string[]): ExplainOptions {
  const images = [...positional, ...(raw.image ?? [])];
  if (images.length === 0) throw new UsageError('No picture was given; name at least one: --image PATH.');
  const names = new Set(
    notEmpty('--method', raw.method)
      .split(',')
      .map((name) => name.trim()),
  );
  if (names.has(''))
    throw new UsageError(`--method "${raw.method}" has an empty name; separate names by one comma.`);
  return {
    images: images.map((path) => fromPerson(notEmpty('The path of a picture', path))),
    model: raw.model,
    weights: raw.weights === undefined ? undefined : fromPerson(notEmpty('--weights', raw.weights)),
    methods: [...names].map(findMethod),
    ...checkDevice(raw),
    colormap: raw.colormap === undefined ? undefined : colormap(raw.colormap).name,
    out: fromPerson(notEmpty('--out', raw.out)),
    json: raw.json ?? false,
  };
}

/** What of a model the request depends on. */
export interface Asked {
  readonly config: Pick<VisionTransformerConfig, 'depth'>;
  /** Comma-separated synonyms of each class, by index. */
  readonly labels: readonly string[];
}

/**
 * Checks the rest, once it is known which model will be used.
 * @throws UsageError that says which option is wrong and what it takes
 */
export function checkRequest(
  raw: RawExplainOptions,
  { methods }: Pick<ExplainOptions, 'methods'>,
  { config, labels }: Asked,
): Request {
  const typed = { ...raw };
  const targets = parseTargets(raw.class, labels);
  return {
    methods: chooseMethods(methods, givenOptions(typed), config, wordingOf(typed)),
    targets: methods.some(({ of }) => of === 'class') ? targets : [],
  };
}

/**
 * The same for a model that may stand for the default one. What it refuses and the default would take is refused with a
 * word about why this is not that one.
 */
export function checkSubstituted(
  raw: RawExplainOptions,
  options: ExplainOptions,
  { model, labels, fallback }: OpenedModel,
): Request {
  try {
    return checkRequest(raw, options, { config: model.config, labels });
  } catch (error) {
    if (!(error instanceof UsageError) || !fallback || !isTaken(raw, options, findModel(modelNames[0]))) {
      throw error;
    }
    throw new UsageError(`${error.message.replace(/\.$/, '')}; this is ${inWords(fallback)}.`, {
      cause: error,
    });
  }
}

function isTaken(...request: Parameters<typeof checkRequest>): boolean {
  try {
    checkRequest(...request);
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

/** An empty path would stand for the whole folder, and an empty name for every adapter. */
function notEmpty(what: string, text: string): string {
  if (text.trim() === '') {
    throw new UsageError(`${what} is empty, as from a shell variable that is not set; give a value.`);
  }
  return text;
}

function oneOf<Name extends string>(option: string, given: string, known: readonly Name[]): Name {
  const found = known.find((name) => name === given);
  if (found === undefined) {
    throw new UsageError(`${option} does not know "${given}"; choose one of: ${known.join(', ')}.`);
  }
  return found;
}
