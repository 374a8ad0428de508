import { fileURLToPath } from 'node:url';

/**
 * Where a file of this package lies. Here and not in the folders beside: from here, and from the bundled command, it is
 * two folders up.
 * @param path from the package's root, such as `weights`
 */
export function packageFile(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
