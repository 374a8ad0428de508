import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from 'vitrine';
import { peersFolder } from '../paths.js';

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
  for (const path of given === undefined ? candidates : [given]) {
    try {
      await run(path, ['-c', 'import torch, numpy, PIL']);
      return path;
    } catch (error) {
      if (given === undefined) continue;
      const reason = lastLine(error);
      throw new UsageError(
        `--python ${path} cannot import torch, numpy and PIL: ${reason.replace(/\.$/, '')}.`,
      );
    }
  }
  return undefined;
}

/**
 * Writes the model of a checkpoint as an ONNX file that takes so many images at once.
 * @returns whether this PyTorch can; if not, that is said
 */
export async function exportOnnx(
  python: string,
  weights: string,
  images: number,
  file: string,
): Promise<boolean> {
  try {
    await run(python, [join(peersFolder, 'export.py'), weights, String(images), file]);
    return true;
  } catch (error) {
    const reason = lastLine(error);
    console.log(
      `note     this PyTorch exports no ONNX model, so ONNX Runtime takes images one by one: ${reason}`,
    );
    return false;
  }
}

/** Of what Python says of an error, the line that names it. */
function lastLine(error: unknown): string {
  return (error as Error).message.trim().split('\n').at(-1)!;
}
