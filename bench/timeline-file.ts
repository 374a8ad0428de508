import { extname } from 'node:path';
import { writeFileAtomically } from 'vitrine/node';
import type { BenchOptions } from './options.js';
import { timelineSvg, type Timeline } from './timeline.js';

/** Writes the picture where the person wants it; where several devices are measured, each has one of its own. */
export async function writeTimeline(
  { timeline, device, adapter }: BenchOptions,
  name: string,
  run: Timeline,
): Promise<void> {
  if (timeline === undefined) return;
  const single = device !== undefined || adapter !== undefined;
  const path = single ? timeline : withName(timeline, name);
  await writeFileAtomically(path, timelineSvg(run));
  console.log(`\ntimeline ${path}`);
}

/** `run.svg` to `run-native.svg`. */
export function withName(path: string, name: string): string {
  const extension = extname(path);
  return `${path.slice(0, path.length - extension.length)}-${name}${extension}`;
}
