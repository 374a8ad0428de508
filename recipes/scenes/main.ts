import { Command } from 'commander';
import { UsageError, VitrineError } from 'vitrine';
import { spriteVendors } from 'vitrine/train';
import { deviceNames } from 'vitrine/node';
import { evaluate } from './evaluate.js';
import { renderExample } from './render.js';

// What belongs to the recipe besides training: measuring the model, and drawing examples for it.

const program = new Command('recipe');
program
  .command('evaluate')
  .description('measure the model and its explanations on drawings it was never trained on')
  .option('--weights <file>', 'a checkpoint, instead of the model that ships')
  .option('--vendor <name>', spriteVendors.join(' | '), 'fluent')
  .option('--images <number>', 'scenes with one object, and as many with two', '1000')
  .option('--device <name>', deviceNames.join(' | '), 'auto')
  .action(async (options: { weights?: string; vendor: string; images: string; device: string }) => {
    const vendor = oneOf('--vendor', options.vendor, spriteVendors);
    const device = oneOf('--device', options.device, deviceNames);
    await evaluate(options.weights, vendor, Number(options.images), device);
  });
program
  .command('render')
  .description('draw an example: one object of each class, never trained on')
  .argument('<file>', 'the PNG to write')
  .argument('<classes...>', 'one to three classes, such as dog cat')
  .option('--seed <number>', 'which of many', '1')
  .option('--side <pixels>', 'of the picture', '480')
  .action(async (file: string, classes: string[], { seed, side }: { seed: string; side: string }) => {
    if (classes.length > 3) throw new UsageError('A scene has at most three objects.');
    await renderExample(classes, Number(seed), Number(side), file);
  });
try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof VitrineError)) throw error;
  console.error(`recipe: ${error.message}`);
  process.exitCode = 2;
}

function oneOf<Name extends string>(option: string, given: string, known: readonly Name[]): Name {
  const found = known.find((name) => name === given);
  if (found === undefined) throw new UsageError(`${option} takes one of: ${known.join(', ')}.`);
  return found;
}
