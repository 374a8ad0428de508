import type { ShaderSource } from '../backends/webgpu/pipelines.js';
import { nameOf } from '../backends/webgpu/session.js';
import { WebGPUBackend } from '../backends/webgpu/webgpu.js';
import { DeviceError } from '../errors.js';

export interface WebWebGPUOptions {
  /** Gives the text of a file under `shaders` of this package, however the page carries them. */
  readonly shaders: ShaderSource;
}

/** An adapter as a person would name it, before anything is opened on it. */
export interface FoundAdapter {
  readonly name: string;
  /** Whether it computes on the CPU. */
  readonly software: boolean;
}

/** The adapter that the browser would choose; undefined if there is none. */
export async function findAdapter(): Promise<FoundAdapter | undefined> {
  const adapter = await gpuOfPage()?.requestAdapter(wish);
  return adapter ? { name: nameOf(adapter.info), software: adapter.info.isFallbackAdapter } : undefined;
}

const wish: GPURequestAdapterOptions = { powerPreference: 'high-performance' };

/** The types say that it is always there; browsers do not. */
function gpuOfPage(): GPU | undefined {
  return (navigator as Partial<Navigator>).gpu;
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
