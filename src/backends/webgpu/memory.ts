import { constantValues } from '../../compiler/constant-values.js';
import { asFloat32 } from '../../compiler/float32.js';
import type { Storage } from '../../tensor/index.js';

/** Bytes of one float32. */
export const FLOAT_BYTES = 4;

/** Hands out the device's buffers and keeps count of them. */
export class DeviceMemory {
  private readonly live = new Set<GPUBuffer>();
  private readonly constants = new Map<Storage, { buffer: GPUBuffer; users: number }>();

  constructor(private readonly device: GPUDevice) {}

  /**
   * @param size in elements; taken are whole groups of four, which some kernels read at once, and at least one, because
   *   a binding cannot be empty
   */
  allocate(size: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const groups = Math.max(1, Math.ceil(size / 4));
    const buffer = this.device.createBuffer({ size: groups * 4 * FLOAT_BYTES, usage });
    this.live.add(buffer);
    return buffer;
  }

  release(buffer: GPUBuffer): void {
    this.live.delete(buffer);
    buffer.destroy();
  }

  /** The device's copy of a constant, uploaded when its first user asks and shared by all programs. */
  acquireConstant(storage: Storage): GPUBuffer {
    const known = this.constants.get(storage);
    if (known) {
      known.users++;
      return known.buffer;
    }
    const values = asFloat32(constantValues(storage));
    const buffer = this.allocate(values.length, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST);
    this.device.queue.writeBuffer(buffer, 0, values);
    this.constants.set(storage, { buffer, users: 1 });
    return buffer;
  }

  /** The last user's release frees the copy. */
  releaseConstant(storage: Storage): void {
    const known = this.constants.get(storage);
    if (!known || --known.users > 0) return;
    this.constants.delete(storage);
    this.release(known.buffer);
  }

  usage(): { buffers: number; bytes: number } {
    let bytes = 0;
    for (const buffer of this.live) bytes += buffer.size;
    return { buffers: this.live.size, bytes };
  }
}
