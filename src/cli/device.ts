import { openBackend, type OpenedBackend } from '../node/index.js';
import { ownPlanner } from '../node/devices/plan-folder.js';
import type { ExplainOptions } from './explain-options.js';

/**
 * Of this script, put in by the bundler (see start.ts); there is none where modules run as they are, which may change while their names
 * do not: no plans are kept then.
 */
declare const commandDigest: string | undefined;

/** Opens the device that was asked for, and says on the standard error how to get a much faster one where it could be had. */
export async function openDevice(
  { device, adapter, threads }: Pick<ExplainOptions, 'device' | 'adapter' | 'threads'>,
  lanes?: number,
): Promise<OpenedBackend> {
  const opened = await openBackend(device, { adapter, threads, lanes });
  if (typeof commandDigest === 'string') {
    opened.backend.planner = ownPlanner(commandDigest, opened.backend.planner);
  }
  if (opened.warning !== undefined) console.error(`vitrine: ${opened.warning}`);
  return opened;
}

/** As the commands say which device computes. */
export function deviceInWords({ backend, reason }: Pick<OpenedBackend, 'backend' | 'reason'>): string {
  return `${backend.name}: ${backend.adapter}${reason === undefined ? '' : `; ${reason}`}`;
}
