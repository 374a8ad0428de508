import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's root; this file runs as bench/dist/paths.js. */
export const packageRoot = fileURLToPath(new URL('../..', import.meta.url));

export const peersFolder = join(packageRoot, 'bench', 'peers');

/** A path as the person wrote it: `npm run` changes into the package and leaves their directory in INIT_CWD. */
export function fromPerson(path: string): string {
  const directory = process.env['npm_lifecycle_event'] === 'bench' ? process.env['INIT_CWD'] : undefined;
  return resolve(directory ?? process.cwd(), path);
}
