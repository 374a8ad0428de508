import { wasDisposed, type Backend, type Executable, type Profile } from '../../compiler/backend.js';
import { constantsOf, constantValues } from '../../compiler/constant-values.js';
import type { Fusion, Plan } from '../../compiler/plan.js';
import { DeviceError } from '../../errors.js';
import { sizeOf, type Storage, type Values } from '../../tensor/index.js';
import { execute } from './kernels.js';

/**
 * Runs plans in plain TypeScript with float64 storage and accumulation: the slowest backend, and the one that
 * is meant to be obviously right. Needs nothing but a JavaScript engine.
 */
export class ReferenceBackend implements Backend {
  readonly name = 'reference';
  readonly adapter = 'plain TypeScript, float64, one thread';
  private readonly programs = new Set<readonly Float64Array[]>();
  /** Shared by all programs, so that an update made by one is seen by the others, until the last user is gone. */
  private readonly constants = new Map<Storage, { readonly copy: Float64Array; users: number }>();
  private destroyed = false;

  /** @param fusions what plans for it may have in their epilogues: nothing, except to check how plans are fused */
  constructor(readonly fusions: ReadonlySet<Fusion> = new Set()) {}

  load(plan: Plan): Promise<Executable> {
    return promised(() => {
      this.checkAlive();
      const constants = constantsOf(plan);
      constants.forEach(constantValues); // before any is acquired
      const buffers = plan.buffers.map(({ filledBy, size }) =>
        filledBy && 'constant' in filledBy ? this.acquire(filledBy.constant) : new Float64Array(size),
      );
      this.programs.add(buffers);
      const profile = (inputs: readonly Values[]): Profile => {
        this.checkAlive();
        if (!this.programs.has(buffers)) throw new DeviceError(wasDisposed);
        return run(plan, buffers, inputs);
      };
      return {
        run: (inputs) => promised(() => profile(inputs).results),
        profile: (inputs) => promised(() => profile(inputs)),
        dispose: () => {
          if (this.programs.delete(buffers)) this.release(constants);
        },
      };
    });
  }

  memory(): { buffers: number; bytes: number } {
    const all = new Set([...this.programs].flat());
    return { buffers: all.size, bytes: [...all].reduce((sum, buffer) => sum + buffer.byteLength, 0) };
  }

  destroy(): void {
    this.destroyed = true;
    this.programs.clear();
    this.constants.clear();
  }

  private checkAlive(): void {
    if (this.destroyed) throw new DeviceError('The reference backend was destroyed; open it again.');
  }

  private acquire(storage: Storage): Float64Array {
    const known = this.constants.get(storage) ?? {
      copy: Float64Array.from(constantValues(storage)),
      users: 0,
    };
    known.users++;
    this.constants.set(storage, known);
    return known.copy;
  }

  private release(storages: readonly Storage[]): void {
    for (const storage of storages) {
      const known = this.constants.get(storage);
      if (known && --known.users === 0) this.constants.delete(storage);
    }
  }
}

/** What a function gives or throws, as a promise of it. */
function promised<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(work());
  });
}

function run(plan: Plan, buffers: readonly Float64Array[], inputs: readonly Values[]): Profile {
  plan.inputs.forEach(({ buffer }, position) => {
    buffers[buffer].set(inputs[position]);
  });
  const milliseconds = plan.steps.map((step) => {
    const start = performance.now();
    execute(step, buffers);
    return performance.now() - start;
  });
  const read = (buffer: number, offset: number, size: number): Float64Array =>
    buffers[buffer].slice(offset, offset + size);
  const results = plan.outputs.map(({ buffer, offset, shape }) => read(buffer, offset, sizeOf(shape)));
  for (const { constant, buffer, offset, size } of plan.updates)
    buffers[constant].set(read(buffer, offset, size));
  return { results, milliseconds };
}
