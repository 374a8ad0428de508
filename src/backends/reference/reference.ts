import { wasDisposed, type Backend, type Executable, type Profile } from '../../compiler/backend.js';
import { checkConstants, constantIn, constantsOf } from '../../compiler/constant-values.js';
import type { Fusion, Plan } from '../../compiler/plan.js';
import { DeviceError } from '../../errors.js';
import { sizeOf, type Storage, type Values } from '../../tensor/index.js';
import { numbersOf, SharedConstants } from '../shared-constants.js';
import { execute } from './kernels.js';

/**
 * Runs plans in plain TypeScript with float64 storage and accumulation: the slowest backend, and the one that
 * is meant to be obviously right. Needs nothing but a JavaScript engine.
 */
export class ReferenceBackend implements Backend {
  readonly name = 'reference';
  readonly adapter = 'plain TypeScript, float64, one thread';
  private readonly programs = new Set<readonly Float64Array[]>();
  private readonly constants = new SharedConstants(({ size }) => allocate(size));
  private destroyed = false;

  /** @param fusions what plans for it may have in their epilogues: nothing, except to check how plans are fused */
  constructor(readonly fusions: ReadonlySet<Fusion> = new Set()) {}

  async load(plan: Plan): Promise<Executable> {
    this.checkAlive();
    const constants = constantsOf(plan);
    checkConstants(constants);
    const scratch = plan.buffers.map((buffer) => (constantIn(buffer) ? undefined : allocate(buffer.size)));
    const copies = await this.constants.acquire(constants, copied);
    if (this.destroyed) this.constants.release(constants);
    this.checkAlive();
    let next = 0;
    const buffers = scratch.map((memory) => memory ?? copies[next++]);
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
        if (this.programs.delete(buffers)) this.constants.release(constants);
      },
    };
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
}

/** @param made the copies that have no numbers yet */
async function copied(
  copies: readonly Float64Array[],
  made: ReadonlyMap<Storage, Float64Array>,
): Promise<readonly Float64Array[]> {
  for await (const group of numbersOf(made.keys())) {
    for (const [storage, values] of group) made.get(storage)!.set(values);
  }
  return copies;
}

function allocate(size: number): Float64Array {
  try {
    return new Float64Array(size);
  } catch (error) {
    throw new DeviceError(
      `The reference backend cannot prepare this plan: there is no memory for a tensor of ${size} elements, ` +
        `${8 * size} bytes; make the batch or the model smaller.`,
      { cause: error },
    );
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
