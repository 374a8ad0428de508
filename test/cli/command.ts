import { expect } from '@jest/globals';
import { spawn, type StdioOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const packageFolder = fileURLToPath(new URL('../..', import.meta.url));

export const packageJson = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
  readonly bin: { readonly vitrine: string };
  readonly scripts: { readonly explain: string };
};

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CallOptions {
  /** Where the person stands. */
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** A file descriptor for the standard output, instead of collecting it. */
  readonly stdout?: number;
  /** What is poured into the standard input; nothing if left out. */
  readonly stdin?: Uint8Array;
  /** How many bytes of the standard output are read before it is closed. */
  readonly readAtMost?: number;
}

/** Runs the built command as a person would. */
export function vitrine(args: readonly string[], options: CallOptions): Promise<Outcome> {
  return run(process.execPath, [join(packageFolder, packageJson.bin.vitrine), ...args], options);
}

export function run(command: string, args: readonly string[], options: CallOptions): Promise<Outcome> {
  const { cwd, env, stdin, stdout: target = 'pipe', readAtMost = Infinity } = options;
  const stdio: StdioOptions = [stdin ? 'pipe' : 'ignore', target, 'pipe'];
  const child = spawn(command, args, { cwd, stdio, env: { ...environmentOfPerson(), ...env } });
  // A command that refuses leaves without having read.
  child.stdin?.on('error', () => undefined).end(stdin);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
    stdout += piece;
    if (stdout.length >= readAtMost) child.stdout?.destroy();
  });
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
    stderr += piece;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      resolve({ status, stdout, stderr });
    });
  });
}

/** Without what `npm test` adds: for the command, INIT_CWD would be where the person stands. */
export function environmentOfPerson(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env);
  return Object.fromEntries(entries.filter(([name]) => name !== 'INIT_CWD' && !/^npm_/i.test(name)));
}

/** Expects one line that is one sentence for a person, and returns it without the program's name. */
export function sentenceOf(line: string): string {
  expect(line).toMatch(/^vitrine: [^\n]*[.?]\n?$/);
  const sentence = line.trimEnd().replace('vitrine: ', '');
  expect(sentence).not.toMatch(/\. [A-Z]/);
  return sentence;
}

/** Expects the refusal of a person's mistake: status 2, one sentence on stderr, nothing on stdout. */
export function refusalOf({ status, stdout, stderr }: Outcome): string {
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  return sentenceOf(stderr);
}
