import { NativeBackend, WebGPUBackend, type Backend, type Plan } from 'vitrine';
import { digits } from './table.js';
import { webgpuCeilings } from './webgpu-ceilings.js';

/** What nothing on the device can exceed, all of its cores together. */
export interface Ceilings {
  /** Floating-point operations a second in a loop of multiply-adds on registers; a multiply-add counts as two. */
  readonly multiplyAdd: number;
  /** Bytes a second of a large copy, those read and those written. */
  readonly copy: number;
}

/** Measured; undefined where the backend cannot tell. */
export async function measureCeilings(backend: Backend): Promise<Ceilings | undefined> {
  if (backend instanceof WebGPUBackend) return webgpuCeilings(backend);
  if (!(backend instanceof NativeBackend)) return undefined;
  // The best of a few: a neighbour on the machine does not disturb all of them.
  const ofACore = Math.max(...Array.from({ length: 5 }, () => backend.multiplyAddRate(100)));
  return { multiplyAdd: ofACore * backend.threads, copy: await copyRate(backend) };
}

export function ceilingsInWords(ceilings: Ceilings | undefined): string {
  if (!ceilings) return 'not known: this backend cannot measure them';
  const { multiplyAdd, copy } = ceilings;
  return `${digits(multiplyAdd / 1e9)} GFLOP/s in registers, ${digits(copy / 1e9)} GB/s in a large copy (read and written)`;
}

/** A plan of one large `copy`. */
async function copyRate(backend: Backend): Promise<number> {
  const size = 2 ** 24;
  const view = { shape: [size], strides: [1], offset: 0 };
  const plan: Plan = {
    buffers: [{ size, filledBy: { input: 'source' } }, { size }],
    steps: [
      { kind: 'map', function: 'copy', inputs: [{ ...view, buffer: 0 }], output: { ...view, buffer: 1 } },
    ],
    inputs: [{ name: 'source', shape: [size], buffer: 0 }],
    outputs: [],
    updates: [],
  };
  const executable = await backend.load(plan);
  const source = new Float32Array(size).fill(1);
  let least = Infinity;
  for (let run = 0; run < 5; run++) {
    const { milliseconds } = await executable.profile!([source]);
    least = Math.min(least, milliseconds[0]);
  }
  executable.dispose();
  return (2 * 4 * size) / (least / 1e3);
}
