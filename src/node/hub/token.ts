import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failureInWords } from '../files/failure-in-words.js';
import { expand, hubHome, isOn, type Environment } from './environment.js';
import { DownloadError } from './failure.js';

/** What opens a private or gated repository. */
export interface Token {
  readonly value: string;
  /** The variable or the file that it was found in, for the middle of a sentence. */
  readonly source: string;
}

/**
 * The token that the Hugging Face tools would send, from the same variables and the same file.
 * @throws DownloadError if the file cannot be read, or what is there cannot be a token
 */
export async function findToken(env: Environment): Promise<Token | undefined> {
  if (isOn(env['HF_HUB_DISABLE_IMPLICIT_TOKEN'])) return undefined;
  for (const source of ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN']) {
    const token = checked(env[source] ?? '', source);
    if (token) return token;
  }
  const path = env['HF_TOKEN_PATH'] ? expand(env['HF_TOKEN_PATH']) : join(hubHome(env), 'token');
  return checked(await readIfThere(path), path);
}

/** Nothing but what a header may hold; the message must not show it. */
function checked(text: string, source: string): Token | undefined {
  const value = text.trim();
  if (value === '') return undefined;
  if (/^[\x21-\x7e]+$/.test(value)) return { value, source };
  throw new DownloadError(
    `what ${source} holds is no token: it has characters that no token has`,
    `put a token of the hub into ${source}, or nothing`,
  );
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code!)) return '';
    throw new DownloadError(
      `the token file ${path} cannot be read, ${failureInWords(error)}`,
      'set HF_TOKEN, or HF_TOKEN_PATH to a file that can be read',
    );
  }
}
