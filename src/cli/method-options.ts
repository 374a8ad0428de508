import { getDescription, getMetadata, type GenericSchema } from 'valibot';
import { Option, type Command } from 'commander';
import {
  findMethod,
  methods,
  unknownSizes,
  type AnyMethod,
  type OptionMetadata,
  type Wording,
} from '../explain/index.js';
import type { ModelSizes } from '../geometry.js';
import type { ChosenMethod } from '../pipeline/index.js';

/** How an option of a method is typed. */
interface Spelling {
  /** What stands for a value that is none of a few names. */
  readonly usage: string;
  /** What the text stands for; the text itself where it stands for nothing, for the option to refuse. */
  readonly read: (text: string) => unknown;
  /** The value in the name of a file. @param option without hyphens before it */
  readonly named: (value: unknown, option: string) => string;
}

/** One block, or two with a hyphen or a dash between. */
const range = /^\s*(\d+)\s*(?:[-\u2010-\u2014\u2212]\s*(\d+)\s*)?$/;

const byNumber: Spelling = {
  usage: 'N',
  read: (text) => (text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)),
  named: (value, option) => `${option}-${value as number | string}`,
};

const named: Spelling['named'] = (value, option) => [option, ...(value as readonly number[])].join('-');

/** By the type of its value, or by what it says of itself. */
const spellings: Readonly<Record<string, Spelling>> = {
  picklist: { usage: 'NAME', read: (text) => text, named: String },
  number: byNumber,
  /** Names, or a number. */
  union: { ...byNumber, usage: 'N' },
  strict_tuple: {
    usage: 'A-B',
    read(text) {
      const found = range.exec(text);
      if (!found) return text;
      const [first, last = first] = found.slice(1).filter(Boolean).map(Number);
      return [first, last];
    },
    named,
  },
  patch: {
    usage: 'R,C',
    read: (text) => (/^\s*\d+\s*,\s*\d+\s*$/.test(text) ? text.split(',').map(Number) : text),
    named,
  },
};

function spellingOf(schema: GenericSchema): Spelling {
  return spellings[metadataOf(schema).typed ?? valueOf(schema).type];
}

function metadataOf(schema: GenericSchema): OptionMetadata {
  return getMetadata(schema);
}

/** An option that one or several methods have. */
interface MethodOption {
  readonly name: string;
  readonly schema: GenericSchema;
  readonly spelling: Spelling;
  /** What its defaults are called: of one method the first block, of another one the last. */
  readonly defaults: readonly string[];
  /** Names of the methods. */
  readonly of: readonly string[];
}

/** What has options: a method, or what makes a picture of its own. */
export type WithOptions = Pick<AnyMethod, 'name' | 'options'>;

/** The options of methods, in the order of the list. */
function optionsOf(those: readonly WithOptions[]): readonly MethodOption[] {
  const found = new Map<string, MethodOption>();
  for (const method of those) {
    for (const [name, schema] of Object.entries(method.options(unknownSizes))) {
      const before = found.get(name);
      const of = [...(before?.of ?? []), method.name.replace(/^smooth-.*/, 'smooth-NAME')];
      const usual = metadataOf(schema).usual ?? String(defaultOf(schema));
      const defaults = [...new Set([...(before?.defaults ?? []), usual])];
      found.set(name, { name, schema, spelling: spellingOf(schema), defaults, of });
    }
  }
  return [...found.values()];
}

/** Every method, and one of those over noisy copies, whose options they all have. */
const every: readonly WithOptions[] = [...methods, findMethod('smooth-rollout')];

/** `--head-fusion` for `headFusion`. */
export function flagOf(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** An option as a help or a table shows it. */
interface OptionRow {
  /** As the library has it: `headFusion`. */
  readonly name: string;
  /** `--head-fusion mean|max|min` */
  readonly usage: string;
  readonly help: string;
  /** What it is if left out, of all methods that have it: `0 or last`. */
  readonly fallback: string;
  /** The names that it chooses from, if it does. */
  readonly choices: readonly string[];
  /** Names of the methods that have it. */
  readonly of: readonly string[];
}

/** The options of methods; of all if left out. */
export function optionRows(those = every): readonly OptionRow[] {
  return optionsOf(those).map(({ name, schema, spelling, defaults, of }) => ({
    name,
    usage: `${flagOf(name)} ${choicesOf(schema, spelling).join('|')}`,
    choices: choicesOf(schema, spelling).filter((choice) => choice !== spelling.usage),
    help: getDescription(schema) ?? '',
    fallback: defaults.join(' or '),
    of,
  }));
}

/** Those that most methods have are in the help of every command; what the others are, the help of each method tells. */
const usual = ['layers', 'headFusion', 'discardRatio'];

/** The options of all methods, for a command whose help has those of most. */
export function methodOptions(): readonly Option[] {
  return optionRows().map((row) => {
    const option = asOption(row);
    return usual.includes(row.name) ? option : option.hideHelp();
  });
}

/** Adds the options of methods to a command; of all if left out. */
export function addMethodOptions(command: Command, those?: readonly WithOptions[]): void {
  if (those === undefined) for (const option of methodOptions()) command.addOption(option);
  else for (const row of optionRows(those)) command.addOption(asOption(row));
}

function asOption({ usage, help, fallback }: OptionRow): Option {
  const [flag, value] = usage.split(' ');
  const isList = value.includes('|');
  const names = isList ? `: ${value.replaceAll('|', ' | ')}` : '';
  const placeholder = isList ? '<name>' : `<${value}>`;
  return new Option(`${flag} ${placeholder}`, `${help}${names} (default: ${fallback})`);
}

/** As they are typed: `--layers` is "0-99". */
export function wordingOf(raw: Readonly<Record<string, unknown>>): Wording {
  return { named: flagOf, given: (option) => `"${String(raw[option])}"` };
}

/** What was given of the options of methods, by name. */
export function givenOptions(raw: Readonly<Record<string, unknown>>, those = every): Record<string, unknown> {
  const given = optionsOf(those).filter(({ name }) => raw[name] !== undefined);
  return Object.fromEntries(
    given.map(({ name, spelling }) => [name, spelling.read(raw[name] as string)] as const),
  );
}

/** What a text stands for, of the option of that name. */
export function readOption(option: string, text: string): unknown {
  return optionsOf(every)
    .find(({ name }) => name === option)
    ?.spelling.read(text);
}

/** Options that were chosen, checked, of anything that has some. */
export interface ChosenOptions extends Pick<ChosenMethod, 'options'> {
  readonly method: WithOptions;
}

/** What of a method's options is not their default, each as it is in the names of files: `max`, `discard-ratio-0.9`. */
export function deviationsOf({ method, options: chosen }: ChosenOptions, model: ModelSizes): string[] {
  const schemas = Object.entries(method.options(model));
  const deviating = schemas.filter(([name, schema]) => {
    return Object.hasOwn(chosen, name) && JSON.stringify(chosen[name]) !== JSON.stringify(defaultOf(schema));
  });
  return deviating.map(([name, schema]) => {
    return spellingOf(schema).named(chosen[name], flagOf(name).slice(2));
  });
}

/** The schema of the value itself, below its default. */
function valueOf(schema: GenericSchema): GenericSchema {
  return 'wrapped' in schema ? (schema.wrapped as GenericSchema) : schema;
}

function defaultOf(schema: GenericSchema): unknown {
  return 'default' in schema ? schema.default : undefined;
}

/** What may be given: names, what stands for another value, or both. */
function choicesOf(schema: GenericSchema, { usage }: Spelling): readonly string[] {
  const value = valueOf(schema) as GenericSchema & { readonly options?: readonly (string | GenericSchema)[] };
  const choices = (value.options ?? [value]).flatMap((one) =>
    typeof one === 'string' ? one : 'options' in one ? (one.options as readonly string[]) : usage,
  );
  return choices;
}
