import { readFile, stat } from 'node:fs/promises';
import { ImageError } from '../../errors.js';
import { failureInWords } from '../files/failure-in-words.js';
import { errorCode } from '../files/write.js';

/**
 * What `readPicture` reads, not yet decoded.
 * @param path bytes where its name is not UTF-8
 * @param name what messages call it
 * @throws ImageError if there is no such file or it cannot be read
 */
export async function readPictureBytes(path: string | Buffer, name: string): Promise<Buffer> {
  try {
    const entry = await stat(path);
    if (entry.isDirectory()) throw new ImageError(`${name} is a folder: give one picture file.`);
    // A device such as /dev/zero would never end.
    if (!entry.isFile() && !entry.isFIFO())
      throw new ImageError(`${name} is not a file: give a picture file.`);
    return await readFile(path);
  } catch (error) {
    if (error instanceof ImageError) throw error;
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new ImageError(`There is no file ${name}: ${remedyOfMissing(name)}.`, { cause: error });
    if (code === 'EACCES' || code === 'EPERM')
      throw new ImageError(`${name} may not be read: change its permissions or give a copy of it.`, {
        cause: error,
      });
    throw new ImageError(
      `${name} cannot be read: ${failureInWords(error)}; mend that or give another picture.`,
      { cause: error },
    );
  }
}

/** What to do where there is no file, by what stands for it. An address loses one of its slashes where it is taken for a path. */
const remedies: readonly (readonly [pattern: RegExp, remedy: string])[] = [
  [/(^|\/)(https?|ftp|data|s3):/i, 'an address is no path; download the picture and give its file'],
  [/(^|\/)file:/i, 'an address is no path; give the path that it has behind "file://"'],
  [
    /(^|\/)~\w*\//,
    'shells put the home folder in the place of ~ only where it is not quoted; give the path in full',
  ],
];

function remedyOfMissing(name: string): string {
  return remedies.find(([pattern]) => pattern.test(name))?.[1] ?? 'check the path of the picture';
}
