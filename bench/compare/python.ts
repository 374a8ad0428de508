import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from 'vitrine';
import { peersFolder } from '../paths.js';
import { peerEnvironment } from './environment.js';
import type { PlainSizes } from './plain-model.js';

const run = promisify(execFile);

/** Where a Python with PyTorch usually is; Debian's python3-torch belongs to the last. */
const candidates = ['python3', '/usr/bin/python3'];

/**
 * A Python that can import what the peers need.
 * @param given the only one to try
 * @returns undefined if none was found
 * @throws UsageError if the given one cannot
 */
export async function findPython(given: string | undefined): Promise<string | undefined> {
  if (given === undefined) return firstThatImports('torch, numpy, PIL');
  try {
    await importIn(given, 'torch, numpy, PIL');
    return given;
  } catch (error) {
    const reason = lastLine(error);
    throw new UsageError(
      `--python ${given} cannot import torch, numpy and PIL: ${reason.replace(/\.$/, '')}.`,
    );
  }
}

/** A Python that can tell how much memory a process had; undefined where there is none. */
export async function findLauncher(): Promise<string | undefined> {
  return firstThatImports('os');
}

async function firstThatImports(modules: string): Promise<string | undefined> {
  for (const path of candidates) {
    try {
      await importIn(path, modules);
      return path;
    } catch {
      continue;
    }
  }
  return undefined;
}

async function importIn(python: string, modules: string): Promise<void> {
  await run(python, ['-c', `import ${modules}`]);
}

/**
 * Writes the model of a checkpoint as an ONNX file that takes so many images at once.
 * @returns why this PyTorch cannot; undefined if it has
 */
export async function exportOnnx(
  python: string,
  sizes: PlainSizes,
  weights: string,
  images: number,
  file: string,
): Promise<string | undefined> {
  const words = [join(peersFolder, 'export.py'), JSON.stringify(sizes), weights, String(images), file];
  try {
    await run(python, words, { env: peerEnvironment() });
    return undefined;
  } catch (error) {
    return lastLine(error);
  }
}

/** Of what Python says of an error, the line that names it. */
function lastLine(error: unknown): string {
  return (error as Error).message.trim().split('\n').at(-1)!;
}
