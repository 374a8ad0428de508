import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.js';

/** Installs the packed file as a person does who lets it build its native backend; newer npm asks. */
export function installInto(project, packed) {
  const allowScripts = { [`file:${packed}`]: true, sharp: false, webgpu: false };
  const manifest = { private: true, type: 'module', allowScripts };
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
  try {
    const quiet = ['--loglevel=error', '--no-audit', '--no-fund'];
    run('npm', ['install', '--prefer-offline', ...quiet, packed], { cwd: project });
  } catch (error) {
    const unreachable = /EAI_AGAIN|ENOTFOUND|ENOTCACHED|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH/;
    if (!unreachable.test(error.message)) throw error;
    throw new Error(
      'The npm registry cannot be reached, and its packages are not all in the cache of npm: the packed file was not tried.',
      { cause: error },
    );
  }
}
