import { cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from '../cli/command.js';

/**
 * Makes an installation of the built package that has no weights, in a folder that exists.
 * @returns the file of its command
 */
export async function install(folder: string): Promise<string> {
  for (const shared of ['node_modules', 'native', 'shaders', 'package.json']) {
    await symlink(join(packageFolder, shared), join(folder, shared));
  }
  await cp(join(packageFolder, 'dist'), join(folder, 'dist'), { recursive: true });
  await mkdir(join(folder, 'weights'));
  return join(folder, 'dist', 'bin', 'main.cjs');
}
