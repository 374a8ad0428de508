import type { Backend, Executable } from '../../compiler/backend.js';
import type { Plan } from '../../compiler/plan.js';
import { WeightsError } from '../../errors.js';
import type { Values } from '../../tensor/index.js';
import { execute } from './kernels.js';

/**
 * Runs plans in plain TypeScript with float64 storage and accumulation: the slowest backend, and the one that
 * is meant to be obviously right. Needs nothing but a JavaScript engine.
 */
export class ReferenceBackend implements Backend {
  readonly name = 'reference';
  readonly adapter = 'plain TypeScript, float64, one thread';
  private readonly held = new Set<readonly Float64Array[]>();

  load(plan: Plan): Promise<Executable> {
    const buffers = plan.buffers.map((buffer) => {
      const { filledBy, size } = buffer;
      if (!filledBy || !('constant' in filledBy)) return new Float64Array(size);
      if (!filledBy.constant.values)
        throw new WeightsError('compile: a parameter has no values; load a checkpoint.');
      return Float64Array.from(filledBy.constant.values);
    });
    this.held.add(buffers);
    return Promise.resolve({
      run: (inputs: readonly Values[]) => Promise.resolve(run(plan, buffers, inputs)),
      dispose: () => {
        this.held.delete(buffers);
      },
    });
  }

  memory(): { buffers: number; bytes: number } {
    const all = [...this.held].flat();
    return { buffers: all.length, bytes: all.reduce((sum, buffer) => sum + buffer.byteLength, 0) };
  }

  destroy(): void {
    this.held.clear();
  }
}

function run(plan: Plan, buffers: readonly Float64Array[], inputs: readonly Values[]): Values[] {
  plan.inputs.forEach(({ buffer }, position) => {
    buffers[buffer].set(inputs[position]);
  });
  for (const step of plan.steps) execute(step, buffers);
  return plan.outputs.map(({ buffer, offset, shape }) =>
    buffers[buffer].slice(offset, offset + shape.reduce((product, extent) => product * extent, 1)),
  );
}
