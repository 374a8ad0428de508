import { existsSync } from 'node:fs';
import { ReferenceBackend } from '../../backends/reference/reference.js';
import type { NativeBackend } from '../../backends/native/native.js';
import type { WebGPUBackend } from '../../backends/webgpu/webgpu.js';
import type { Backend } from '../../compiler/backend.js';
import { DeviceError, UsageError } from '../../errors.js';
import { aText, described, expectNoOther, expectParts, optional, wholeNumber } from '../../given.js';
import { findAdapters } from './adapters.js';
import { addonRemedy, missingAddon, openNative } from './native.js';
import { threadsToUse } from './threads.js';
import { openWasm } from './wasm.js';

export const deviceNames = ['auto', 'webgpu', 'native', 'wasm', 'reference'] as const;
export type DeviceName = (typeof deviceNames)[number];

export interface BackendOptions {
  /** Part of a WebGPU adapter's name; goes with `webgpu` and, as it asks for one, `auto`. */
  readonly adapter?: string | undefined;
  /** Threads of `native` or `wasm`; all cores that the process may use if left out. */
  readonly threads?: number | undefined;
  /**
   * Runs at a time where `native` computes, which share out its threads, one each at least, and read the same weights; 1 if left out.
   * Other devices take one after the other.
   */
  readonly lanes?: number | undefined;
}

export interface OpenedBackend {
  readonly backend: Backend;
  /** Why this one, if it was not asked for by name. */
  readonly reason?: string;
  /** That a much faster one could be had, and how: a sentence for whoever waits. */
  readonly warning?: string;
}

/**
 * Opens what a device name stands for. `auto` is `webgpu` on a real GPU. Without one it is `native`, which is faster
 * than any adapter that computes on the CPU; if that was not built, `wasm`; then `webgpu` on whatever adapter there is, then
 * `reference`.
 * @throws DeviceError if what was asked for by name is not there
 * @throws UsageError if an option does not go with the device
 */
export async function openBackend(
  device: DeviceName = 'auto',
  options: BackendOptions = {},
): Promise<OpenedBackend> {
  if (!deviceNames.includes(device)) {
    throw new UsageError(
      `There is no device ${described(device)}; choose one of: ${deviceNames.join(', ')}.`,
    );
  }
  expectParts('openBackend: options', options, { adapter: optional(aText), lanes: optional(wholeNumber(1)) });
  expectNoOther('openBackend', options, ['adapter', 'threads', 'lanes']);
  const { adapter, threads, lanes } = options;
  if (adapter !== undefined && device !== 'auto' && device !== 'webgpu') {
    throw new UsageError(
      `--adapter chooses a WebGPU adapter; it cannot be combined with --device ${device}.`,
    );
  }
  if (threads !== undefined && (adapter !== undefined || device === 'webgpu' || device === 'reference')) {
    throw new UsageError(
      `--threads is for the native and wasm backends; it cannot be combined with ${adapter === undefined ? `--device ${device}` : '--adapter'}.`,
    );
  }
  if (device === 'reference') return { backend: new ReferenceBackend() };
  if (device === 'native') return { backend: openLanes(threads, lanes) };
  if (device === 'wasm') return { backend: await openWasm(threads) };
  if (device === 'webgpu' || adapter !== undefined) return { backend: await openAdapter(adapter) };
  return chooseBackend(threads, lanes);
}

function openLanes(threads = threadsToUse(), lanes = 1): NativeBackend {
  return openNative(threads, undefined, Math.min(lanes, threads));
}

async function chooseBackend(threads: number | undefined, lanes: number | undefined): Promise<OpenedBackend> {
  const gpu = await openGPU();
  if (typeof gpu !== 'string') return { backend: gpu, reason: 'a GPU was found' };
  const problem = missingAddon();
  if (problem === undefined) return { backend: openLanes(threads, lanes), reason: gpu };
  const wasm = await orWhyNot(() => openWasm(threads));
  const [backend, slower] = typeof wasm === 'string' ? await openSlow() : [wasm, 'some three times slower'];
  const without = typeof wasm === 'string' ? `, and the wasm backend cannot be opened (${wasm})` : '';
  return {
    backend,
    reason: `${gpu}, and the native backend ${problem}${without}`,
    warning: `The native backend ${problem}${without}, so ${backend.name} computes, ${slower}: ${addonRemedy}.`,
  };
}

/** What is left where the CPU has neither C++ nor WebAssembly, and how fast it is beside native. */
async function openSlow(): Promise<[backend: Backend, slower: string]> {
  const adapter = (await findAdapters()).first ? await orWhyNot(openAdapter) : 'none';
  return typeof adapter === 'string'
    ? [new ReferenceBackend(), 'some 70 times slower']
    : [adapter, 'ten times slower or more'];
}

/** A GPU, or why there is none. */
async function openGPU(): Promise<WebGPUBackend | string> {
  const { first } = mayHaveGPU() ? await findAdapters() : {};
  if (!first) return 'no GPU was found';
  if (first.software) return `no GPU was found, only ${first.name}`;
  const opened = await orWhyNot(openAdapter);
  return typeof opened === 'string' ? `the GPU cannot be used (${opened})` : opened;
}

/** A backend, or why it cannot be used. */
async function orWhyNot<Opened extends Backend>(open: () => Promise<Opened>): Promise<Opened | string> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
    return error.message.replace(/\.$/, '');
  }
}

/** Its kernels and Dawn are loaded only when wanted. */
async function openAdapter(name?: string): Promise<WebGPUBackend> {
  const { openWebGPU } = await import('./webgpu.js');
  return openWebGPU(name);
}

/**
 * On Linux every GPU driver puts a file here: DRM's, NVIDIA's, Windows' subsystem's, and two of ARM phones and boards.
 * Looking for them takes no time; asking Dawn takes a fifth of a second and a hundred megabytes.
 */
const gpuFiles = ['/dev/dri', '/dev/nvidiactl', '/dev/dxg', '/dev/kgsl-3d0', '/dev/mali0'];

function mayHaveGPU(): boolean {
  return process.platform !== 'linux' || gpuFiles.some((path) => existsSync(path));
}
