import { existsSync } from 'node:fs';
import { ReferenceBackend } from '../../backends/reference/reference.js';
import type { WebGPUBackend } from '../../backends/webgpu/webgpu.js';
import type { Backend } from '../../compiler/backend.js';
import { DeviceError, UsageError } from '../../errors.js';
import { missingAddon, openNative } from './native.js';

export const deviceNames = ['auto', 'webgpu', 'native', 'reference'] as const;
export type DeviceName = (typeof deviceNames)[number];

export interface BackendOptions {
  /** Part of a WebGPU adapter's name; goes with `webgpu` and, as it asks for one, `auto`. */
  readonly adapter?: string | undefined;
  /** Threads of `native`; all cores that the process may use if left out. */
  readonly threads?: number | undefined;
}

export interface OpenedBackend {
  readonly backend: Backend;
  /** Why this one, if it was not asked for by name. */
  readonly reason?: string;
}

/**
 * Opens what a device name stands for. `auto` is `webgpu` on a real GPU. Without one it is `native`, which is faster
 * than any adapter that computes on the CPU; if that was not built, `webgpu` on whatever adapter there is, then
 * `reference`.
 * @throws DeviceError if what was asked for by name is not there
 * @throws UsageError if an option does not go with the device
 */
export async function openBackend(
  device: DeviceName = 'auto',
  { adapter, threads }: BackendOptions = {},
): Promise<OpenedBackend> {
  // A name from JavaScript, or from whoever passes one on, is not held by the type checker.
  if (!deviceNames.includes(device)) {
    throw new UsageError(`There is no device "${device}"; choose one of: ${deviceNames.join(', ')}.`);
  }
  if (adapter !== undefined && device !== 'auto' && device !== 'webgpu') {
    throw new UsageError(
      `--adapter chooses a WebGPU adapter; it cannot be combined with --device ${device}.`,
    );
  }
  if (threads !== undefined && (adapter !== undefined || device === 'webgpu' || device === 'reference')) {
    throw new UsageError(
      `--threads is for the native backend; it cannot be combined with ${adapter === undefined ? `--device ${device}` : '--adapter'}.`,
    );
  }
  if (device === 'reference') return { backend: new ReferenceBackend() };
  if (device === 'native') return { backend: openNative(threads) };
  if (device === 'webgpu' || adapter !== undefined) return { backend: await openAdapter(adapter) };
  return chooseBackend(threads);
}

async function chooseBackend(threads: number | undefined): Promise<OpenedBackend> {
  const gpu = mayHaveGPU() ? await unlessMissing(() => openAdapter()) : undefined;
  if (gpu && !gpu.software) return { backend: gpu, reason: 'a GPU was found' };
  const noGPU = gpu ? `no GPU was found, only ${gpu.adapter}` : 'no GPU was found';
  const problem = missingAddon();
  if (problem === undefined) {
    gpu?.destroy();
    return { backend: openNative(threads), reason: noGPU };
  }
  const notBuilt = `${noGPU}, and the native backend ${problem}`;
  const adapter = gpu ?? (await unlessMissing(() => openAdapter()));
  return adapter
    ? { backend: adapter, reason: notBuilt }
    : { backend: new ReferenceBackend(), reason: `${notBuilt}; this is slow` };
}

/** Dawn is a large library: loaded only when wanted. */
async function openAdapter(name?: string): Promise<WebGPUBackend> {
  const { openWebGPU } = await import('./webgpu.js');
  return openWebGPU(name);
}

async function unlessMissing<T>(open: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
    return undefined;
  }
}

/**
 * On Linux every GPU driver puts a file here: DRM's, NVIDIA's, Windows' subsystem's, and two of ARM phones and boards.
 * Looking for them takes no time; asking Dawn takes a fifth of a second and a hundred megabytes.
 */
const gpuFiles = ['/dev/dri', '/dev/nvidiactl', '/dev/dxg', '/dev/kgsl-3d0', '/dev/mali0'];

function mayHaveGPU(): boolean {
  return process.platform !== 'linux' || gpuFiles.some((path) => existsSync(path));
}
