import type { Command } from 'commander';

/** Adds `vitrine models`. */
export function addModelsCommand(program: Command): void {
  program
    .command('models')
    .description('List the models that --model takes, or tell all about one.')
    .argument(
      '[text]',
      "a model's name or place, as --model takes it, or a part of the names of several, such as dinov2",
    )
    .option('--json', 'print one JSON document for each model, one a line, and nothing else')
    .action(async (text: string | undefined, { json = false }: { readonly json?: boolean }) => {
      // Loaded only when wanted: explaining needs none of it.
      const { tellModels } = await import('./models.js');
      await tellModels(text, json);
    });
}
