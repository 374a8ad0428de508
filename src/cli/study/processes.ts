import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFile } from '../../node/package-files.js';
import { folderOf, nameOf, type StudyOptions } from './options.js';
import type { PlannedRun } from './plan.js';

/** How a run has ended. */
export interface EndedRun {
  readonly run: PlannedRun;
  readonly status: number;
  /** The last that it said was wrong, as a sentence. */
  readonly complaint: string;
}

/**
 * Does runs in processes of their own, several at a time, which share nothing but the machine.
 * @param begins is told of each run when its process starts
 * @param ended is told how it ended
 * @param signal asks those under way to stop with a checkpoint; no others are begun
 */
export async function runAll(
  options: StudyOptions,
  runs: readonly PlannedRun[],
  begins: (run: PlannedRun) => void,
  ended: (end: EndedRun) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let next = 0;
  const inTurns = async (): Promise<void> => {
    while (next < runs.length && !signal.aborted) {
      const run = runs[next++];
      begins(run);
      await ended(await runAlone(options, run, signal));
    }
  };
  await Promise.all(Array.from({ length: options.processes }, inTurns));
}

async function runAlone(options: StudyOptions, run: PlannedRun, signal: AbortSignal): Promise<EndedRun> {
  const folder = folderOf(options, run);
  await mkdir(folder, { recursive: true });
  const log = await open(join(folder, 'run.log'), 'a');
  try {
    const child = spawn(
      process.execPath,
      [packageFile('dist/bin/main.cjs'), 'study', ...argumentsOf(options, run)],
      {
        stdio: ['ignore', log.fd, 'pipe', 'ipc'],
      },
    );
    const stop = (): void => void child.kill('SIGTERM');
    signal.addEventListener('abort', stop);
    try {
      const complaint = lastComplaintOf(child);
      const [status] = (await once(child, 'close')) as [number | null];
      return { run, status: status ?? 1, complaint: complaint() };
    } finally {
      signal.removeEventListener('abort', stop);
    }
  } finally {
    await log.close();
  }
}

function argumentsOf({ config, folder, device }: StudyOptions, run: PlannedRun): string[] {
  const { device: name, adapter, threads } = device;
  return [
    ...['--config', config, '--out', folder, '--only', nameOf(run), '--device', name],
    ...(adapter === undefined ? [] : ['--adapter', adapter]),
    ...(threads === undefined ? [] : ['--threads', String(threads)]),
  ];
}

/** Listens to what a process says is wrong. */
function lastComplaintOf({ stderr }: ChildProcess): () => string {
  let text = '';
  stderr!.setEncoding('utf8').on('data', (piece: string) => {
    // The end of it is enough.
    text = `${text}${piece}`.slice(-4096);
  });
  return () =>
    text
      .split('\n')
      .filter((line) => line.startsWith('vitrine: '))
      .at(-1)
      ?.slice('vitrine: '.length) ?? `it ended${text === '' ? '' : `: ${text.trim()}`}`;
}
