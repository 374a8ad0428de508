import { fork } from 'node:child_process';
import { nameOf } from '../../backends/webgpu/adapter-name.js';
import { packageFile } from '../package-files.js';
import { Dawn, loadDawn } from './dawn.js';

/** The WebGPU adapters of this machine. */
export interface FoundAdapters {
  /** Of all of them, as Dawn compares them. */
  readonly names: readonly string[];
  /** The one that the system chooses; undefined if there is none. */
  readonly first?: { readonly name: string; readonly software: boolean };
  /** Why there is none, where that is known, as the end of a sentence. */
  readonly problem?: string;
}

let known: FoundAdapters | undefined;

/**
 * Looks for adapters, on Linux in a process of its own: there, what is missing shows in lines that Dawn, the Vulkan loader
 * and drivers write to the standard error from C++, and a broken driver shows in a crash. Adapters that were found are
 * remembered, since drivers are looked for once in the life of a process.
 */
export async function findAdapters(): Promise<FoundAdapters> {
  if (known) return known;
  const found = process.platform === 'linux' ? await askAside() : await askDawn();
  if (found.first) known = found;
  return found;
}

/** The same in this process. */
export async function askDawn(): Promise<FoundAdapters> {
  const { create } = await loadDawn();
  const dawn = new Dawn(create([]));
  const all = new Dawn(create(['adapter=?']));
  try {
    const adapter = await dawn.gpu.requestAdapter();
    if (!adapter) return { names: [] };
    const { info } = adapter;
    const names = namesIn(await all.gpu.requestAdapter().catch(String));
    return { names, first: { name: nameOf(info), software: info.isFallbackAdapter } };
  } finally {
    dawn.release();
    all.release();
  }
}

/** Out of the list that Dawn gives for a name that no adapter has. */
function namesIn(list: unknown): string[] {
  return [...String(list).matchAll(/name: '([^']*)'/g)].map(([, name]) => name);
}

async function askAside(): Promise<FoundAdapters> {
  const answer = await new Promise<FoundAdapters | NodeJS.Signals | null>((resolve) => {
    try {
      const child = fork(packageFile('dist/node/devices/adapters-process.js'), {
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        execArgv: [],
      });
      child.once('message', (found: FoundAdapters) => {
        resolve(found);
        child.disconnect();
      });
      child.once('exit', (_status, signal) => {
        resolve(signal);
      });
      child.once('error', () => {
        resolve(null);
      });
    } catch {
      resolve(null);
    }
  });
  // Where no process can be started, or it says nothing, this one asks, and shows what there is to show.
  if (answer === null) return askDawn();
  if (typeof answer !== 'string') return answer;
  return { names: [], problem: `the Vulkan driver ends the process that asks it (${answer})` };
}
