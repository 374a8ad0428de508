import type { Backend, Executable, Profile } from '../../compiler/backend.js';
import { checkConstants, constantIn, constantsOf, constantValues } from '../../compiler/constant-values.js';
import type { Fusion, Plan } from '../../compiler/plan.js';
import { DeviceError } from '../../errors.js';
import { sizeOf, type Values } from '../../tensor/index.js';
import { SharedConstants } from '../shared-constants.js';
import { execute } from './kernels.js';

/**
 * Runs plans in plain TypeScript with float64 storage and accumulation: the slowest backend, and the one that
 * is meant to be obviously right. Needs nothing but a JavaScript engine.
 */
export class ReferenceBackend implements Backend {
  readonly name = 'reference';
  readonly adapter = 'plain TypeScript, float64, one thread';
  private readonly programs = new Set<readonly Float64Array[]>();
  private readonly constants = new SharedConstants((storage) => Float64Array.from(constantValues(storage)));

  /** @param fusions what plans for it may have in their epilogues: nothing, except to check how plans are fused */
  constructor(readonly fusions: ReadonlySet<Fusion> = new Set()) {}

  load(plan: Plan): Promise<Executable> {
    const constants = constantsOf(plan);
    checkConstants(constants); // before any is acquired
    const scratch = plan.buffers.map((buffer) => (constantIn(buffer) ? undefined : allocate(buffer.size)));
    const buffers = plan.buffers.map(
      (buffer, i) => scratch[i] ?? this.constants.acquire(constantIn(buffer)!),
    );
    this.programs.add(buffers);
    return Promise.resolve({
      run: (inputs: readonly Values[]) => Promise.resolve(run(plan, buffers, inputs).results),
      profile: (inputs: readonly Values[]) => Promise.resolve(run(plan, buffers, inputs)),
      dispose: () => {
        if (this.programs.delete(buffers)) this.constants.release(constants);
      },
    });
  }

  memory(): { buffers: number; bytes: number } {
    const all = new Set([...this.programs].flat());
    return { buffers: all.size, bytes: [...all].reduce((sum, buffer) => sum + buffer.byteLength, 0) };
  }

  destroy(): void {
    this.programs.clear();
    this.constants.clear();
  }
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
