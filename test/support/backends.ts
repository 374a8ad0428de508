import { afterAll, beforeAll } from '@jest/globals';
import type { Backend, Tensor, Values, WebGPUBackend } from '../../src/index.js';
import { compile, ReferenceBackend } from '../../src/index.js';
import { openNative } from '../../src/node/devices/native.js';
import { openWasm } from '../../src/node/devices/wasm.js';
import { openWebGPU } from '../../src/node/devices/webgpu.js';

/** Every backend. */
const all = ['reference', 'native', 'wasm', 'webgpu'] as const;
/** Those that are compared with `reference`. */
export const devices = ['native', 'wasm', 'webgpu'] as const;
export type BackendName = (typeof all)[number];
/** Those that the suites run on: all, unless VITRINE_TEST_BACKENDS lists some. */
export const backendNames: readonly BackendName[] = all.filter((name) =>
  (process.env['VITRINE_TEST_BACKENDS'] ?? all.join()).split(',').includes(name),
);

/** The one that a suite runs on where one is enough. */
export const oneBackend: BackendName = backendNames.includes('native') ? 'native' : backendNames[0];

/**
 * Opens these backends before a suite's tests and closes them after. Without the addon or an adapter the suite fails,
 * with the sentence that `openNative`, `openWasm` or `openWebGPU` throws: kernels that nobody ran must not look tested.
 */
export function useBackends(): Record<BackendName, Backend> & { webgpu: WebGPUBackend } {
  const backends = {} as ReturnType<typeof useBackends>;
  const open = {
    reference: () => new ReferenceBackend(),
    native: () => openNative(),
    wasm: () => openWasm(),
    webgpu: () => openWebGPU(process.env['VITRINE_ADAPTER']),
  };
  beforeAll(async () => {
    for (const name of backendNames) Object.assign(backends, { [name]: await open[name]() });
  });
  afterAll(() => {
    for (const backend of Object.values(backends)) backend.destroy();
  });
  return backends;
}

/** Compiles, runs once and cleans up. Inputs that the graph does not depend on are left out. */
export async function evaluate<Names extends string>(
  outputs: Readonly<Record<Names, Tensor>>,
  backend: Backend,
  inputs: Readonly<Record<string, Values>> = {},
): Promise<Record<Names, Values>> {
  const program = await compile(outputs, backend);
  try {
    const needed = program.plan.inputs.map((entry) => [entry.name, inputs[entry.name]] as const);
    return await program.run(Object.fromEntries(needed));
  } finally {
    program.dispose();
  }
}
