import { readFile } from 'node:fs/promises';
import { UsageError } from '../../errors.js';
import { failureInWords } from '../files/failure-in-words.js';

/**
 * The text of a file with names of classes.
 * @throws UsageError if it cannot be read
 */
export async function readLabels(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(
      `Cannot read the labels in "${path}": ${failureInWords(error)}; give a file of names.`,
      {
        cause: error,
      },
    );
  }
}
