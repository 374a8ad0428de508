#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { readFile } from 'node:fs/promises';
import { VitrineError } from '../errors.js';
import { addExplainCommand } from './explain-command.js';

/** Exit status when the person can do something about the failure: a wrong option, a damaged file, no device. */
const USER_ERROR = 2;

const { version, description } = JSON.parse(
  await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string; description: string };

const program = new Command('vitrine').description(description).version(version).exitOverride();
addExplainCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has printed its message; help and --version also arrive here, with status 0.
    return error.exitCode === 0 ? 0 : USER_ERROR;
  }
  if (error instanceof VitrineError) {
    console.error(`vitrine: ${error.message}`);
    return USER_ERROR;
  }
  console.error('vitrine: an error that should not happen; please report it with the lines below.');
  console.error(error);
  return 1;
}
