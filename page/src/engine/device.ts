import { DeviceError, ReferenceBackend, VitrineError, type Backend, type WebGPUBackend } from 'vitrine';
import { findAdapter, openWasm } from 'vitrine/web';
import ThreadWorker from 'vitrine/web/wasm-thread?worker';
import type { DeviceChoice } from '../protocol.js';

export interface OpenedDevice {
  readonly backend: Backend;
  /** Why this one. */
  readonly reason: string;
}

/**
 * A GPU, else WebAssembly, which is faster than adapters that compute on the CPU; else such an adapter.
 * @param base the page's address, beside which the kernels lie
 * @throws DeviceError if what was asked for by name is not there
 */
export async function openDevice(choice: DeviceChoice, base: string): Promise<OpenedDevice> {
  if (choice === 'webgpu') return { backend: await openAdapter(), reason: 'you chose WebGPU' };
  if (choice === 'wasm') return { backend: await openKernels(base), reason: 'you chose WebAssembly' };
  const found = await findAdapter();
  const adapter = found && !found.software ? await orWhyNot(openAdapter) : undefined;
  if (adapter && typeof adapter !== 'string') return { backend: adapter, reason: 'a GPU was found' };
  const why =
    adapter ?? (found ? `the only WebGPU adapter is ${found.name}` : 'this browser offers no WebGPU');
  const wasm = await orWhyNot(() => openKernels(base));
  if (typeof wasm !== 'string') return { backend: wasm, reason: why };
  const slow = found?.software ? await orWhyNot(openAdapter) : '';
  const backend = typeof slow === 'string' ? new ReferenceBackend() : slow;
  return { backend, reason: `${why}; and WebAssembly cannot be used: ${wasm}` };
}

async function openAdapter(): Promise<WebGPUBackend> {
  return (await import('./adapter.js')).openAdapter();
}

function openKernels(base: string): Promise<Backend> {
  return openWasm({ kernels: new URL('wasm/', base), startWorker: () => new ThreadWorker() });
}

/** A sentence within another one. */
function inside(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '');
}

/** A backend, or why there is none, in the middle of a sentence. */
async function orWhyNot<Opened extends Backend>(open: () => Promise<Opened>): Promise<Opened | string> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof VitrineError) return inside(error.message);
    if (error instanceof WebAssembly.CompileError || error instanceof RangeError) return error.message;
    throw new DeviceError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
