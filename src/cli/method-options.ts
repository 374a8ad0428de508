import { getDescription, type GenericSchema } from 'valibot';
import type { Command } from 'commander';
import { methods, unknownDepth, type LayerRange, type ModelDepth, type Wording } from '../explain/index.js';
import type { ChosenMethod } from '../pipeline/index.js';

/** How an option of a method is typed, by the type of its value. */
interface Spelling {
  /** What stands for a value that is none of a few names. */
  readonly usage: string;
  /** What the text stands for; the text itself where it stands for nothing, for the option to refuse. */
  readonly read: (text: string) => unknown;
  /** The default, if it says anything. */
  readonly shown: (value: unknown) => string;
  /** The value in the name of a file. @param option without hyphens before it */
  readonly named: (value: unknown, option: string) => string;
}

/** One block, or two with a hyphen or a dash between. */
const range = /^\s*(\d+)\s*(?:[-\u2010-\u2014\u2212]\s*(\d+)\s*)?$/;

const spellings: Readonly<Record<string, Spelling>> = {
  picklist: { usage: 'NAME', read: (text) => text, shown: String, named: String },
  number: {
    usage: 'R',
    read: (text) => (text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)),
    shown: String,
    named: (value, option) => `${option}-${value as number}`,
  },
  strict_tuple: {
    usage: 'A-B',
    read(text) {
      const found = range.exec(text);
      if (!found) return text;
      const [first, last = first] = found.slice(1).filter(Boolean).map(Number);
      return [first, last];
    },
    shown: () => 'all',
    named: (value, option) => [option, ...(value as LayerRange)].join('-'),
  },
};

/** An option that one or several methods have. */
interface MethodOption {
  readonly name: string;
  readonly schema: GenericSchema;
  readonly spelling: Spelling;
  /** Names of the methods. */
  readonly of: readonly string[];
}

/** The options of all methods, in the order of the list. */
const options: readonly MethodOption[] = (() => {
  const found = new Map<string, MethodOption>();
  for (const method of methods) {
    for (const [name, schema] of Object.entries(method.options(unknownDepth))) {
      const of = [...(found.get(name)?.of ?? []), method.name];
      found.set(name, { name, schema, spelling: spellings[valueOf(schema).type], of });
    }
  }
  return [...found.values()];
})();

/** `--head-fusion` for `headFusion`. */
export function flagOf(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** An option as a help or a table shows it. */
interface OptionRow {
  /** `--head-fusion mean|max|min` */
  readonly usage: string;
  readonly help: string;
  readonly fallback: string;
  /** Names of the methods that have it. */
  readonly of: readonly string[];
}

/** The options of all methods. */
export function optionRows(): readonly OptionRow[] {
  return options.map(({ name, schema, spelling, of }) => ({
    usage: `${flagOf(name)} ${choicesOf(schema)?.join('|') ?? spelling.usage}`,
    help: getDescription(schema) ?? '',
    fallback: spelling.shown(defaultOf(schema)),
    of,
  }));
}

/** A longer list of methods would drown what the option means. */
const FEW = 3;

/** Adds the options of all methods to a command. */
export function addMethodOptions(command: Command): void {
  for (const { usage, help, fallback, of } of optionRows()) {
    const [flag, value] = usage.split(' ');
    const isList = value.includes('|');
    const whose = of.length > FEW ? '' : `; of ${of.join(', ')}`;
    const names = isList ? `: ${value.replaceAll('|', ' | ')}` : '';
    command.option(
      `${flag} ${isList ? '<name>' : `<${value}>`}`,
      `${help}${names} (default: ${fallback}${whose})`,
    );
  }
}

/** As they are typed: `--layers` is "0-99". */
export function wordingOf(raw: Readonly<Record<string, unknown>>): Wording {
  return { named: flagOf, given: (option) => `"${String(raw[option])}"` };
}

/** What was given of the options of methods, by name. */
export function givenOptions(raw: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = options.filter(({ name }) => raw[name] !== undefined);
  return Object.fromEntries(
    given.map(({ name, spelling }) => [name, spelling.read(raw[name] as string)] as const),
  );
}

/** What of a method's options is not their default, each as it is in the names of files: `max`, `discard-ratio-0.9`. */
export function deviationsOf({ method, options: chosen }: ChosenMethod, model: ModelDepth): string[] {
  const schemas = Object.entries(method.options(model));
  const deviating = schemas.filter(([name, schema]) => {
    return Object.hasOwn(chosen, name) && JSON.stringify(chosen[name]) !== JSON.stringify(defaultOf(schema));
  });
  return deviating.map(([name, schema]) => {
    return spellings[valueOf(schema).type].named(chosen[name], flagOf(name).slice(2));
  });
}

/** The schema of the value itself, below its default. */
function valueOf(schema: GenericSchema): GenericSchema {
  return 'wrapped' in schema ? (schema.wrapped as GenericSchema) : schema;
}

function defaultOf(schema: GenericSchema): unknown {
  return 'default' in schema ? schema.default : undefined;
}

function choicesOf(schema: GenericSchema): readonly string[] | undefined {
  const value = valueOf(schema);
  return value.type === 'picklist'
    ? (value as GenericSchema & { options: readonly string[] }).options
    : undefined;
}
