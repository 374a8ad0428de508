import { UsageError } from '../../errors.js';
import { isView } from '../../explain/index.js';
import { formats, type Format, type Shard } from '../../batch/plan.js';
import { isAddress } from '../../batch/inputs/address.js';
import {
  checkRequest,
  checkSettings,
  methodsFor,
  notEmpty,
  type Asked,
  type ExplainOptions,
  type RawExplainOptions,
  type Request,
} from '../explain-options.js';
import { fromPerson, refuseUnfaithful } from '../paths.js';
import { shownAs } from '../shown-as.js';

/** What commander collects for `batch` and `batch submit`, as typed; options of methods too, by their names. */
export interface RawBatchOptions extends Pick<
  RawExplainOptions,
  | 'class'
  | 'target'
  | 'method'
  | 'colormap'
  | 'model'
  | 'weights'
  | 'imageSize'
  | 'labels'
  | 'device'
  | 'adapter'
  | 'threads'
  | 'force'
> {
  readonly out: string;
  readonly write: string;
  readonly batch?: string;
  readonly shard?: string;
  readonly queue?: string;
}

/** What does not depend on the model, checked. */
export interface BatchOptions {
  readonly inputs: readonly string[];
  readonly settings: Omit<ExplainOptions, 'images'>;
  /** An absolute path or an address. */
  readonly out: string;
  readonly formats: readonly Format[];
  /** Pictures of a run; undefined: what a measurement says. */
  readonly batch: number | undefined;
  readonly shard: Shard | undefined;
}

/** @throws UsageError that says which option is wrong and what it takes */
export async function checkBatchOptions(
  raw: RawBatchOptions,
  inputs: readonly string[],
): Promise<BatchOptions> {
  if (inputs.length === 0) {
    throw new UsageError(
      'No pictures were given; name files, folders, patterns such as "photos/*.jpg", @LIST, CSV, tar or zip.',
    );
  }
  const settings = checkSettings(raw);
  await refuseUnfaithful('--weights', settings.weights);
  await refuseUnfaithful('--labels', settings.labels);
  const view = settings.methods?.(() => true).find(isView);
  if (view !== undefined) {
    throw new UsageError(
      `${view.name} gives several maps to look at, and a table has one a method; leave it out.`,
    );
  }
  return {
    inputs: inputs.map((input) => notEmpty('The name of an input', input)),
    settings,
    out: await placeOfResults(raw.out),
    formats: formatsOf(raw.write),
    batch: raw.batch === undefined ? undefined : batchOf(raw.batch),
    shard: raw.shard === undefined ? undefined : shardOf(raw.shard),
  };
}

/** @throws UsageError if one of the options was given */
export function notGiven(raw: RawBatchOptions, names: readonly (keyof RawBatchOptions)[], why: string): void {
  const given = names.find((name) => raw[name] !== undefined);
  if (given !== undefined) throw new UsageError(`--${given} ${why}.`);
}

/** Where results are, as an absolute path or an address. */
export async function placeOfResults(out: string): Promise<string> {
  const given = notEmpty('--out', out);
  if (isAddress(given)) return given;
  await refuseUnfaithful('--out', fromPerson(given));
  return fromPerson(given);
}

/**
 * What of the request depends on the model. Where no method is named, it is those that explain names.
 * @throws UsageError that says which option is wrong and what it takes
 */
export function batchRequest(
  raw: RawBatchOptions,
  { settings, formats: asked }: BatchOptions,
  model: Asked,
): Request {
  const methods = settings.methods ?? (() => methodsFor(raw, model));
  if (settings.colormap !== undefined && !asked.includes('png')) {
    throw new UsageError('--colormap is for pictures, which are drawn with --write png; leave it out.');
  }
  const request = checkRequest(raw, { methods, shown: shownAs({}) }, model);
  if (request.targets.some(({ kind }) => kind === 'similarity')) {
    throw new UsageError('--target similarity:PATH is of single pictures; give norm or feature:K.');
  }
  return request;
}

function formatsOf(text: string): readonly Format[] {
  const names = notEmpty('--write', text)
    .split(',')
    .map((name) => name.trim());
  const unknown = names.find((name) => !formats.includes(name as Format));
  if (unknown !== undefined) {
    throw new UsageError(`--write does not know "${unknown}"; choose from: ${formats.join(', ')}.`);
  }
  const asked = formats.filter((format) => names.includes(format));
  // What pictures and arrays are of, a table says.
  return asked.includes('json') || asked.includes('parquet') ? asked : ['json', ...asked];
}

/** Pictures of a run of the device. @throws UsageError unless it is a number of them */
export function batchOf(text: string): number {
  const size = /^\s*\d+\s*$/.test(text) ? Number(text) : NaN;
  if (size >= 1 && size <= 1024) return size;
  throw new UsageError(`--batch is "${text}"; give pictures of a run, 1 to 1024.`);
}

function shardOf(text: string): Shard {
  const [, number, of] = /^\s*(\d{1,6})\s*\/\s*(\d{1,6})\s*$/.exec(text) ?? [];
  const shard = { number: Number(number), of: Number(of) };
  if (shard.number >= 1 && shard.number <= shard.of) return shard;
  throw new UsageError(`--shard is "${text}"; give its number and how many there are, such as 1/8 to 8/8.`);
}
