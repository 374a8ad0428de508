#!/usr/bin/env node
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

/*
 * Starts the command, which is a script of two megabytes. A tenth of the time that explaining a picture takes would go into
 * compiling it: the first run leaves behind what V8 made of it, where it may write, and all others begin with that.
 */

/** Of the script, put in by the bundler: of what V8 kept it compares no more than the script's length. */
declare const digest: string;

// Where new objects lie does not grow: what is made in passing is gone by the time that so little is full, and the more room it had,
// the more memory it would have touched. Told before anything else is done, so that what V8 keeps of the script is always for this.
setFlagsFromString('--semi-space-growth-factor=1');

const filename = join(__dirname, 'command.cjs');
const cache = join(__dirname, `command-${digest}-${process.version}-${process.arch}.cache`);

const cachedData = kept();
// What V8 does not accept, because it was told other flags, is as if it were not there.
const script = new Script(readFileSync(filename, 'utf8'), { filename, ...(cachedData && { cachedData }) });
if (!cachedData) process.once('exit', keep);
const command = script.runInThisContext() as (
  require: NodeJS.Require,
  importPackage: (name: string) => Promise<unknown>,
  filename: string,
  folder: string,
  digest: string,
) => void;
command(createRequire(filename), (name) => import(name), filename, __dirname, digest);

function kept(): Buffer | undefined {
  try {
    return readFileSync(cache);
  } catch {
    return undefined;
  }
}

/** Keeps all functions that this run needed. Others may start meanwhile, so it is there as a whole or not at all. */
function keep(): void {
  const part = `${cache}.${process.pid}`;
  try {
    writeFileSync(part, script.createCachedData());
    renameSync(part, cache);
  } catch {
    rmSync(part, { force: true });
  }
}
