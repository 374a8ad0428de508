import { fileURLToPath } from 'node:url';

/** Where "npm ci" in the folder `sprites` puts the drawings. */
export const packages = fileURLToPath(new URL('../sprites/node_modules', import.meta.url));
