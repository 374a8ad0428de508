import { compile, input, NativeBackend, WebGPUBackend, type Backend } from 'vitrine';
import { profileSteps } from './profile.js';
import { digits } from './table.js';
import { webgpuCeilings } from './webgpu-ceilings.js';

/** What nothing on the device can exceed, all of its cores together. */
export interface Ceilings {
  /** Floating-point operations a second in a loop of multiply-adds on registers; a multiply-add counts as two. */
  readonly multiplyAdd: number;
  /** Bytes a second of a large copy, those read and those written. */
  readonly copy: number;
}

/** Measured and printed; undefined where the backend cannot tell. */
export async function measureCeilings(backend: Backend): Promise<Ceilings | undefined> {
  let ceilings: Ceilings | undefined;
  if (backend instanceof NativeBackend) ceilings = await nativeCeilings(backend);
  if (backend instanceof WebGPUBackend) ceilings = await webgpuCeilings(backend);
  const inWords = ceilings
    ? `${digits(ceilings.multiplyAdd / 1e9)} GFLOP/s in registers, ` +
      `${digits(ceilings.copy / 1e9)} GB/s in a large copy (read and written)`
    : 'not known: this backend cannot measure them';
  console.log(`ceiling  ${inWords}`);
  return ceilings;
}

/** Of one core, the best of a few: a neighbour on the machine does not disturb all of them. */
export function rateOfACore(backend: NativeBackend): number {
  return Math.max(...Array.from({ length: 5 }, () => backend.multiplyAddRate(100)));
}

async function nativeCeilings(backend: NativeBackend): Promise<Ceilings> {
  const size = 2 ** 24;
  // An input that is handed back is copied, and nothing else.
  const program = await compile({ y: input('x', [size]) }, backend);
  const patience = { warmup: 0, runs: 5, milliseconds: Infinity };
  const profiled = await profileSteps(program, { x: new Float32Array(size).fill(1) }, patience);
  program.dispose();
  const seconds = Math.min(...profiled!.runs.map(([copy]) => copy)) / 1e3;
  return { multiplyAdd: rateOfACore(backend) * backend.threads, copy: (2 * 4 * size) / seconds };
}
