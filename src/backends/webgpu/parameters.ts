import type { Kernel, Parameters } from './kernel.js';
import { FLOAT_BYTES, type DeviceMemory } from './memory.js';

/** The parameters of a plan's kernels, in one buffer. */
export interface UploadedParameters {
  readonly buffer: GPUBuffer;
  /** Where those of a kernel lie. */
  of(kernel: Kernel): GPUBufferBinding;
}

/** Writes the parameters of all kernels into one uniform buffer; those of equal kernels are the same. */
export function uploadParameters(
  device: GPUDevice,
  memory: DeviceMemory,
  kernels: readonly Kernel[],
): UploadedParameters {
  const spacing = device.limits.minUniformBufferOffsetAlignment;
  const places = new Map<string, { offset: number; parameters: Parameters }>();
  let total = 0;
  for (const { parameters } of kernels) {
    if (!parameters || places.has(keyOf(parameters))) continue;
    places.set(keyOf(parameters), { offset: total, parameters });
    total += Math.ceil(sizeOf(parameters) / spacing) * spacing;
  }
  const bytes = new DataView(new ArrayBuffer(total));
  for (const { offset, parameters } of places.values()) {
    parameters.words.forEach((word, position) => {
      const at = offset + position * FLOAT_BYTES;
      if (typeof word === 'number') bytes.setUint32(at, word, true);
      else bytes.setFloat32(at, word.float, true);
    });
  }
  const buffer = memory.allocate(total / FLOAT_BYTES, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
  device.queue.writeBuffer(buffer, 0, bytes.buffer);
  return {
    buffer,
    of: ({ parameters }) => {
      if (!parameters) throw new Error('This kernel has no parameters.');
      return { buffer, offset: places.get(keyOf(parameters))!.offset, size: sizeOf(parameters) };
    },
  };
}

function keyOf({ words }: Parameters): string {
  return JSON.stringify(words);
}

/** In bytes; a uniform structure is a multiple of 16 long. */
function sizeOf({ words }: Parameters): number {
  return Math.ceil((words.length * FLOAT_BYTES) / 16) * 16;
}
