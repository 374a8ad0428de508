import { UsageError } from '../errors.js';
import {
  gradientRolloutVariants,
  headFusions,
  methodNames,
  type ClassTarget,
  type LayerRange,
  type MethodName,
  type MethodOptions,
} from '../explain/index.js';
import { colormap, type ColormapName } from '../image/index.js';
import { demoModel, findModel, modelNames } from '../models/index.js';
import { deviceNames, parseThreads, type DeviceName } from '../node/index.js';
import { parseClasses } from './class-option.js';
import { fromPerson } from './paths.js';

/** What commander collects for `explain`, as typed. */
export interface RawExplainOptions {
  readonly image?: readonly string[];
  readonly model?: string;
  readonly weights?: string;
  readonly method: string;
  readonly headFusion: string;
  readonly discardRatio: string;
  readonly variant: string;
  readonly layers?: string;
  readonly class?: string;
  readonly compat?: string;
  readonly device: string;
  readonly adapter?: string;
  readonly threads?: string;
  readonly colormap?: string;
  readonly out: string;
  readonly json?: boolean;
  readonly selfCheck?: boolean;
}

/** The same, checked, with absolute paths. */
export interface ExplainOptions {
  readonly images: readonly string[];
  readonly model: string;
  readonly weights: string | undefined;
  readonly methods: readonly MethodName[];
  readonly method: MethodOptions;
  readonly layers: LayerRange;
  /** Classes to explain, for the methods that explain one. */
  readonly targets: readonly ClassTarget[];
  readonly device: DeviceName;
  readonly adapter: string | undefined;
  /** Undefined: all cores that the process may use. */
  readonly threads: number | undefined;
  /** Undefined: what suits the map. */
  readonly colormap: ColormapName | undefined;
  readonly out: string;
  readonly json: boolean;
}

/**
 * Checks everything that can be checked before a file is opened.
 * @param positional pictures given without --image
 * @param model the model that will be used: classes and layers are its own
 * @throws UsageError that says which option is wrong and what it takes
 */
export function checkOptions(
  raw: RawExplainOptions,
  positional: readonly string[],
  model = raw.model ?? modelNames[0],
): ExplainOptions {
  const images = [...positional, ...(raw.image ?? [])];
  if (images.length === 0) throw new UsageError('No picture was given; name at least one: --image PATH.');
  const methods = [...new Set(raw.method.split(','))].map((name) =>
    oneOf('--method', name.trim(), methodNames),
  );
  const { config, labels } = findModel(model);
  const compat = raw.compat === undefined ? undefined : oneOf('--compat', raw.compat, compatNames);
  if (compat !== undefined) checkCompat(methods, raw);
  return {
    images: images.map((path) => fromPerson(notEmpty('The path of a picture', path))),
    model,
    weights: raw.weights === undefined ? undefined : fromPerson(notEmpty('--weights', raw.weights)),
    methods,
    method: {
      headFusion: oneOf('--head-fusion', raw.headFusion, headFusions),
      discardRatio: parseRatio(raw.discardRatio),
      variant: oneOf('--variant', raw.variant, gradientRolloutVariants),
      ...(compat === undefined ? {} : { compat }),
    },
    layers: parseLayers(raw.layers, config.depth),
    targets: parseClasses(raw.class, labels),
    ...checkDevice(raw),
    colormap: raw.colormap === undefined ? undefined : colormap(raw.colormap).name,
    out: fromPerson(notEmpty('--out', raw.out)),
    json: raw.json ?? false,
  };
}

/**
 * The same before it is known which model will be used: where none is named, options that suit either the default or
 * the demo model pass.
 */
export function checkBeforehand(raw: RawExplainOptions, positional: readonly string[]): ExplainOptions {
  try {
    return checkOptions(raw, positional);
  } catch (error) {
    if (raw.model !== undefined || raw.weights !== undefined) throw error;
    try {
      return checkOptions(raw, positional, demoModel.name);
    } catch {
      throw error;
    }
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

/** Scripts whose maps can be reproduced. */
export const compatNames = ['vit-explain'] as const;

function checkCompat(methods: readonly MethodName[], raw: RawExplainOptions): void {
  const foreign = methods.find((name) => name !== 'rollout' && name !== 'gradient-rollout');
  if (foreign !== undefined) {
    throw new UsageError(
      `vit-explain has no method "${foreign}"; --compat goes with rollout and gradient-rollout.`,
    );
  }
  if (raw.layers !== undefined || raw.variant !== gradientRolloutVariants[0]) {
    throw new UsageError('vit-explain has neither --layers nor --variant; leave them out with --compat.');
  }
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

function parseRatio(text: string): number {
  const ratio = text.trim() === '' ? NaN : Number(text);
  if (!(ratio >= 0 && ratio < 1)) {
    throw new UsageError(`--discard-ratio is "${text}"; give a number from 0 up to, but not including, 1.`);
  }
  return ratio;
}

function parseLayers(text: string | undefined, depth: number): [first: number, last: number] {
  if (text === undefined) return [0, depth - 1];
  const match = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(text);
  const first = Number(match?.[1]);
  const last = Number(match?.[2] ?? match?.[1]);
  if (!match || first > last || last >= depth) {
    throw new UsageError(
      `--layers is "${text}"; give two blocks between 0 and ${depth - 1}, such as 0-${depth - 1}, the lower first.`,
    );
  }
  return [first, last];
}
