import type { Command, Option } from 'commander';
import { UsageError } from '../errors.js';

/** Options that take names separated by commas: given twice, they name all. */
const lists: readonly string[] = ['--method', '--class', '--target', '--ablate', '--measure', '--save'];

/**
 * Refuses what commander lets pass: of an option that is given twice it takes the last, and what is behind an option for
 * its value, another option included.
 */
export function guardOptions(command: Command): void {
  const flags = command.options.flatMap(({ short, long }) => [short, long]);
  const known = new Set([...flags, '-h', '--help'].filter((flag) => flag !== undefined));
  for (const option of command.options.filter(({ required, optional }) => required || optional)) {
    guard(option, known);
  }
  for (const argument of command.registeredArguments) {
    argument.argParser((value: string, before: unknown): unknown => {
      if (known.has(value)) {
        throw new UsageError(
          `${value} stands behind "--", where nothing is an option; write options before it, and a file of that name ./${value}.`,
        );
      }
      return argument.variadic ? [...((before as readonly string[] | undefined) ?? []), value] : value;
    });
  }
}

function guard(option: Option, known: ReadonlySet<string>): void {
  const name = option.long!;
  let before: readonly string[] = [];
  option.argParser((value: string) => {
    if (known.has(value)) {
      throw new UsageError(
        `${name} needs a value, but ${value} stands in its place; a file of that name is written ./${value}.`,
      );
    }
    if (before.length > 0 && !option.variadic && !lists.includes(name) && !before.includes(value)) {
      throw new UsageError(`${name} is given twice, as "${before[0]}" and as "${value}"; give it once.`);
    }
    before = [...before, value];
    if (option.variadic) return before;
    return lists.includes(name) ? before.join(',') : value;
  });
}
