import { nameOf } from '../backends/webgpu/adapter-name.js';

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

export const wish: GPURequestAdapterOptions = { powerPreference: 'high-performance' };

/** The types say that it is always there; browsers do not. */
export function gpuOfPage(): GPU | undefined {
  return (navigator as Partial<Navigator>).gpu;
}
