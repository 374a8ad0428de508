import { readFile } from 'node:fs/promises';
import { UsageError } from '../../errors.js';
import { parseLabels } from '../../models/index.js';
import { failureInWords } from '../files/failure-in-words.js';

/**
 * Names of classes by index.
 * @param classes how many there are
 * @throws UsageError if the file cannot be read, or does not hold one name for each class
 */
export async function readLabels(path: string, classes: number): Promise<readonly string[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(
      `Cannot read the labels in "${path}": ${failureInWords(error)}; give a file of names.`,
      {
        cause: error,
      },
    );
  }
  return parseLabels(text.replace(/^\uFEFF/, ''), classes, `"${path}"`);
}
