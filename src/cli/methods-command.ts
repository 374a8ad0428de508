import type { Command } from 'commander';

/** Adds `vitrine methods`. */
export function addMethodsCommand(program: Command): void {
  program
    .command('methods')
    .description(
      'List the methods that --method takes, or tell all about one: what it shows, its options, its source.',
    )
    .argument('[name]', 'a method, as --method takes it')
    .action(async (name: string | undefined) => {
      // Loaded only when wanted: explaining needs none of it.
      const { tellMethods } = await import('./methods.js');
      await tellMethods(name);
    });
}
