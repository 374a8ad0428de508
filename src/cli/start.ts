#!/usr/bin/env node
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, wrap } from 'node:module';
import { join } from 'node:path';
import { constants, Script } from 'node:vm';

/*
 * Starts the command. Half of what an explanation waits for was the engine of JavaScript reading two megabytes of it: here it
 * gets back what it made of them the last time. The first run leaves that behind, where it may write.
 */

/** Of the bundled command, put in by the bundler: of the source, V8 compares only the length. */
declare const digest: string;

const filename = join(__dirname, 'command.cjs');
const cache = join(__dirname, `command-${digest}-${process.version}-${process.arch}.cache`);

const cachedData = kept();
const script = new Script(wrap(readFileSync(filename, 'utf8')), {
  filename,
  // Not accepted, it is as if there were none: V8 was told other flags.
  ...(cachedData && { cachedData }),
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
if (!cachedData) process.once('exit', keep);
const run = script.runInThisContext() as (...given: readonly unknown[]) => void;
run({}, createRequire(filename), { exports: {} }, filename, __dirname);

function kept(): Buffer | undefined {
  try {
    return readFileSync(cache);
  } catch {
    return undefined;
  }
}

/** All functions that this run needed. Others may start meanwhile, so it is there as a whole or not at all. */
function keep(): void {
  const part = `${cache}.${process.pid}`;
  try {
    writeFileSync(part, script.createCachedData());
    renameSync(part, cache);
  } catch {
    rmSync(part, { force: true });
  }
}
