import { ReferenceBackend } from '../backends/reference/reference.js';
import type { Backend } from '../compiler/backend.js';
import { DeviceError, UsageError } from '../errors.js';

export const deviceNames = ['auto', 'webgpu', 'reference'] as const;
export type DeviceName = (typeof deviceNames)[number];

export interface OpenedBackend {
  readonly backend: Backend;
  /** Why this one, if it was not asked for by name. */
  readonly reason?: string;
}

/**
 * Opens what a device name stands for. `auto` is the WebGPU adapter that the system offers first, or `reference`
 * if there is none.
 * @param adapterName part of a WebGPU adapter's name
 * @throws DeviceError if what was asked for by name is not there
 * @throws UsageError if an adapter is named together with `reference`
 */
export async function openBackend(device: DeviceName = 'auto', adapterName?: string): Promise<OpenedBackend> {
  if (device === 'reference') {
    if (adapterName !== undefined) {
      throw new UsageError(
        '--adapter chooses a WebGPU adapter; it cannot be combined with --device reference.',
      );
    }
    return { backend: new ReferenceBackend() };
  }
  // Loaded only when wanted: Dawn is a large library.
  const { openWebGPU } = await import('./webgpu.js');
  if (device === 'webgpu' || adapterName !== undefined) return { backend: await openWebGPU(adapterName) };
  try {
    return { backend: await openWebGPU() };
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
    return { backend: new ReferenceBackend(), reason: 'no WebGPU adapter was found' };
  }
}
