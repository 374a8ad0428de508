import { Option, type Command } from 'commander';
import { UsageError } from '../../errors.js';

/** What an experiment takes as `explain` does. */
const shared = [
  '--image',
  '--model',
  '--weights',
  '--image-size',
  '--labels',
  '--class',
  '--target',
  '--device',
  '--adapter',
  '--threads',
  '--colormap',
  '--out',
  '--force',
  '--json',
];

/** Adds a command that takes pictures, a model, classes and a device as `explain` does, in the same words. */
export function addLikeExplain(program: Command, name: string, description: string): Command {
  const explain = program.commands.find((command) => command.name() === 'explain');
  const command = program
    .command(name)
    .description(description)
    .argument('[pictures...]', 'pictures, like --image');
  for (const long of shared) {
    const option = explain?.options.find((one) => one.long === long);
    if (!option) throw new UsageError(`There is no option ${long} of explain, which ${name} has too.`);
    const { flags, description: help } = option;
    command.addOption(new Option(flags, help).default(option.defaultValue as unknown));
  }
  return command;
}
