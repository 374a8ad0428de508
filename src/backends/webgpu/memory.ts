import { checkConstants } from '../../compiler/constant-values.js';
import { asFloat32 } from '../../compiler/float32.js';
import { DeviceError } from '../../errors.js';
import type { Storage } from '../../tensor/index.js';
import { numbersOf, SharedConstants } from '../shared-constants.js';

/** Bytes of one float32. */
export const FLOAT_BYTES = 4;

/** Constants that have other numbers than the host's, and where: if that device is lost, so are they. */
export type UpdatedConstants = WeakMap<Storage, DeviceMemory>;

/** Hands out the device's buffers and keeps count of them. */
export class DeviceMemory {
  /** The device's copies of constants. */
  readonly constants = new SharedConstants<GPUBuffer>(
    ({ size }) => this.allocate(size, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST),
    (buffer, storage) => {
      if (this.updated.get(storage) === this) this.updated.delete(storage);
      this.release(buffer);
    },
  );
  private readonly live = new Set<GPUBuffer>();

  constructor(
    private readonly device: GPUDevice,
    private readonly updated: UpdatedConstants,
  ) {}

  /** @throws DeviceError if the device binds no buffer as large as one of these, in elements */
  checkSizes(sizes: readonly number[]): void {
    const { maxStorageBufferBindingSize, maxBufferSize } = this.device.limits;
    const largest = Math.min(maxStorageBufferBindingSize, maxBufferSize);
    const tooLarge = sizes.map(bytesOf).find((bytes) => bytes > largest);
    if (tooLarge === undefined) return;
    throw new DeviceError(
      `compile: a tensor of this program takes ${tooLarge} bytes, of which the adapter gives at most ${largest} at once; ` +
        'make the batch or the model smaller.',
    );
  }

  /**
   * @param size in elements; taken are whole groups of four, which some kernels read at once, and at least one, because
   *   a binding cannot be empty
   */
  allocate(size: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const buffer = this.device.createBuffer({ size: bytesOf(size), usage });
    this.live.add(buffer);
    return buffer;
  }

  release(buffer: GPUBuffer): void {
    this.live.delete(buffer);
    buffer.destroy();
  }

  /**
   * The device's copies of constants, one user more each.
   * @throws what cannot be read of a constant is rejected with
   */
  acquireConstants(storages: readonly Storage[]): Promise<readonly GPUBuffer[]> {
    return this.constants.acquire(storages, async (buffers, made) => {
      for await (const group of numbersOf(made.keys())) {
        for (const [storage, values] of group) {
          this.device.queue.writeBuffer(made.get(storage)!, 0, asFloat32(values));
        }
      }
      return buffers;
    });
  }

  /**
   * @throws WeightsError if a constant has no numbers
   * @throws DeviceError if it has others than the host's, which were lost
   */
  checkConstants(storages: readonly Storage[]): void {
    checkConstants(storages);
    const elsewhere = (storage: Storage): boolean => (this.updated.get(storage) ?? this) !== this;
    if (!storages.some(elsewhere)) return;
    throw new DeviceError(
      'The device was lost, and with it the parameters that were updated on it; dispose of the programs, assign the ' +
        'numbers that were saved last, and compile again.',
    );
  }

  /** A run is about to change the device's copy. */
  markUpdated(storages: readonly Storage[]): void {
    for (const storage of storages) this.updated.set(storage, this);
  }

  usage(): { buffers: number; bytes: number } {
    let bytes = 0;
    for (const buffer of this.live) bytes += buffer.size;
    return { buffers: this.live.size, bytes };
  }
}

/** What a buffer of so many elements takes. */
function bytesOf(size: number): number {
  return Math.max(1, Math.ceil(size / 4)) * 4 * FLOAT_BYTES;
}
