import { DeviceError, type Backend } from 'vitrine';
import { openBackend, type DeviceName } from 'vitrine/node';
import type { BenchOptions } from './options.js';

/** Opens a device, on that many threads if it is one that has threads. */
export async function openDevice(device: DeviceName, threads: number, adapter?: string): Promise<Backend> {
  return (await openBackend(device, device === 'native' || device === 'wasm' ? { threads } : { adapter }))
    .backend;
}

/**
 * Opens the devices to be measured one after the other and closes each when `work` is done with it: the one that was
 * asked for, else the native backend and the system's adapter, where they are there.
 * @returns what `work` gave for each, and why a device was left out
 * @throws DeviceError if the one that was asked for is not there, or none is
 */
export async function onEachDevice<T>(
  { device, adapter, threads: [threads] }: BenchOptions,
  work: (backend: Backend) => Promise<T>,
): Promise<{ results: T[]; leftOut: string[] }> {
  const wanted = device ?? (adapter === undefined ? undefined : 'webgpu');
  const names: readonly DeviceName[] = wanted === undefined ? ['native', 'webgpu'] : [wanted];
  const results: T[] = [];
  const leftOut: string[] = [];
  for (const name of names) {
    const backend = await openDevice(name, threads, adapter).catch((error: unknown) => {
      const isLast = name === names.at(-1) && results.length === 0;
      if (!(error instanceof DeviceError) || isLast) throw error;
      leftOut.push(`${name} is left out: ${error.message}`);
      console.log(`\n${leftOut.at(-1)}`);
    });
    if (!backend) continue;
    console.log(`\n=== ${backend.name}: ${backend.adapter}`);
    try {
      results.push(await work(backend));
    } finally {
      backend.destroy();
    }
  }
  return { results, leftOut };
}
