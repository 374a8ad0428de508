import { fstatSync, type Stats } from 'node:fs';
import { ImageError, UsageError } from '../../errors.js';
import { errorCode } from './write.js';

/** More than any picture that can be read; whoever pours in /dev/zero is told so before the memory is full. */
const LONGEST = 2 ** 30; // bytes

/** What `process.stdin` is. */
export interface ByteStream extends AsyncIterable<Buffer> {
  readonly isTTY?: boolean;
}

/** @throws UsageError if the standard input is a terminal, at which nobody types a picture */
export function refuseTerminal({ isTTY }: Pick<ByteStream, 'isTTY'> = process.stdin): void {
  if (isTTY !== true) return;
  throw new UsageError(
    '"-" takes the picture from the standard input, which is a terminal; write --image - < FILE.',
  );
}

/** What the standard input is; undefined if it is nothing. */
export function standardInputEntry(): Stats | undefined {
  try {
    return fstatSync(0);
  } catch {
    return undefined;
  }
}

/** @throws UsageError if the standard input is a folder, which a stream takes for a file without bytes */
export function refuseFolder(entry: Pick<Stats, 'isDirectory'> | undefined = standardInputEntry()): void {
  if (entry?.isDirectory() !== true) return;
  throw new UsageError(
    '"-" takes the picture from the standard input, which is a folder; write --image - < FILE.',
  );
}

/**
 * All of the standard input.
 * @param longest bytes that it may have
 * @throws ImageError if it cannot be read, or does not end within a length that pictures have
 */
export async function readStandardInput(
  input: ByteStream = process.stdin,
  longest = LONGEST,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of input) {
      length += piece.length;
      if (length > longest) throw tooLong(longest);
      pieces.push(piece);
    }
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    throw new ImageError(
      `The standard input cannot be read, the system says ${code}: give the path of a picture instead.`,
      { cause: error },
    );
  }
  return Buffer.concat(pieces);
}

function tooLong(longest: number): ImageError {
  return new ImageError(
    `The standard input goes on after ${longest / 2 ** 20} MiB, more than a picture takes: give one picture file.`,
  );
}
