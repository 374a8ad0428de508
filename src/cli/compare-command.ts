import type { Command } from 'commander';
import type { CompareOptions } from './compare.js';

/** Adds `vitrine compare`. */
export function addCompareCommand(program: Command): void {
  program
    .command('compare')
    .description(
      'Hold the maps of two documents beside each other: correlation, largest difference, a picture of it.',
    )
    .argument('<a>', 'a document, as explain, heads and occlude write it')
    .argument('<b>', 'another one')
    .option('--out <dir>', 'folder for the picture, made if it does not exist', 'explanations')
    .option('--force', 'replace a file of the same name that is of other documents or not of vitrine')
    .option('--json', 'print one JSON document, and nothing else')
    .action(async (a: string, b: string, options: CompareOptions) => {
      // Loaded only when wanted: explaining needs none of it.
      const { compareFiles } = await import('./compare.js');
      await compareFiles(a, b, options);
    });
}
