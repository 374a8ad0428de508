import { openBackend, type OpenedBackend } from '../node/index.js';
import type { ExplainOptions } from './explain-options.js';

/** Opens the device that was asked for, and says on the standard error how to get a much faster one where it could be had. */
export async function openDevice(
  { device, adapter, threads }: Pick<ExplainOptions, 'device' | 'adapter' | 'threads'>,
  lanes?: number,
): Promise<OpenedBackend> {
  const opened = await openBackend(device, { adapter, threads, lanes });
  if (opened.warning !== undefined) console.error(`vitrine: ${opened.warning}`);
  return opened;
}

/** As the commands say which device computes. */
export function deviceInWords({ backend, reason }: Pick<OpenedBackend, 'backend' | 'reason'>): string {
  return `${backend.name}: ${backend.adapter}${reason === undefined ? '' : `; ${reason}`}`;
}
