import { readFile } from 'node:fs/promises';
import { describe } from '@jest/globals';
import { WasmBackend, type KernelFile, type NativeBackend } from '../../src/index.js';
import { openNative } from '../../src/node/devices/native.js';
import { openWasm } from '../../src/node/devices/wasm.js';
import { packageFile } from '../../src/node/package-files.js';
import { describeInstructionSets, runnableSets, type InstructionSet } from './instruction-sets.js';

/** The backends that compute on the CPU, with threads of their own. */
export const cpuNames = ['native', 'wasm'] as const;

export const openCpu = {
  native: (threads: number): Promise<NativeBackend> => Promise.resolve().then(() => openNative(threads)),
  wasm: (threads: number): Promise<WasmBackend> => openWasm(threads),
};

/** What the wasm backend needs where there are no threads, and where there are. */
export const readKernels = (file: KernelFile): Promise<Uint8Array<ArrayBuffer>> =>
  readFile(packageFile(`dist/wasm/${file}`));

/** The wasm backend where the platform grants no threads. */
export function openAlone(): Promise<WasmBackend> {
  return WasmBackend.create({ kernels: readKernels });
}

/** All kernels for the CPU: the instruction sets of native, and those in WebAssembly. */
export type CpuKernels = InstructionSet | 'wasm' | 'wasm without threads';

/** Those that this processor runs, and that work on any number of threads. */
export const runnableKernels: readonly CpuKernels[] = [...runnableSets, 'wasm'];

/** @param threads unless the kernels know no threads */
export function openKernels(threads: number, kernels: CpuKernels): Promise<NativeBackend | WasmBackend> {
  if (kernels === 'wasm') return openWasm(threads);
  if (kernels === 'wasm without threads') return openAlone();
  return Promise.resolve(openNative(threads, kernels));
}

/** A `describe` for each; instruction sets that this processor does not run are reported as skipped. */
export function describeKernels(title: string, body: (kernels: CpuKernels) => void): void {
  describeInstructionSets(title, body);
  for (const kernels of ['wasm', 'wasm without threads'] as const) {
    describe(`${title}, ${kernels}`, () => {
      body(kernels);
    });
  }
}
