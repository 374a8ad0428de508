import type { ShaderSource } from '../backends/webgpu/pipelines.js';
import { WebGPUBackend } from '../backends/webgpu/webgpu.js';
import { DeviceError } from '../errors.js';
import { gpuOfPage, wish } from './adapter.js';

export interface WebWebGPUOptions {
  /** Gives the text of a file under `shaders` of this package, however the page carries them. */
  readonly shaders: ShaderSource;
}

/**
 * Opens the adapter that the browser chooses, in a page or a worker.
 * @throws DeviceError if the browser has no WebGPU, or none that it lets this page use
 */
export async function openWebGPU({ shaders }: WebWebGPUOptions): Promise<WebGPUBackend> {
  const gpu = gpuOfPage();
  if (!gpu)
    throw new DeviceError('This browser has no WebGPU, or not for pages that come without encryption.');
  return WebGPUBackend.create({
    requestAdapter: () => gpu.requestAdapter(wish),
    shaders,
  });
}
