import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../hub/environment.js';

/** Where a file lies that spares work and may be deleted at any time. */
export function cachedFile(name: string, env: Environment = process.env): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'vitrine', name);
}
