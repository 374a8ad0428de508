import { readFile } from 'node:fs/promises';
import type { Variants } from '../../backends/webgpu/variants.js';
import { WebGPUBackend } from '../../backends/webgpu/webgpu.js';
import { DeviceError } from '../../errors.js';
import { packageFile } from '../package-files.js';
import { withNaps } from './naps.js';
import { readTuning } from './tuned-variants.js';

/** Dawn rounds timestamps to 0.1 ms, to keep secrets from pages; a program on one's own machine may measure. */
const dawnFlags = ['disable-dawn-features=timestamp_quantization'];

/** Dawn is a large library: loaded only when an adapter is wanted. */
const loadDawn = () => import('webgpu');

/** Opens the shader files that are part of this package. */
function readShader(file: string): Promise<string> {
  return readFile(packageFile(`shaders/${file}`), 'utf8');
}

export interface WebGPUOptions {
  /** Kernels to use, instead of those that were measured to be the fastest, or suit the adapter's kind. */
  readonly variants?: Variants | undefined;
}

/**
 * Opens an adapter through Dawn.
 * @param adapterName part of the adapter's name, in any case; the system's first choice if left out
 * @throws DeviceError if there is no adapter, or none of that name (the message lists those there are),
 *   or if the file of measured kernels is damaged
 */
export async function openWebGPU(
  adapterName?: string,
  { variants }: WebGPUOptions = {},
): Promise<WebGPUBackend> {
  const { create, globals } = await loadDawn();
  // The engine names WebGPU's constants (GPUBufferUsage, GPUMapMode) as a browser does.
  Object.assign(globalThis, globals);
  if (!hasVulkanLoader()) throw noAdapter();
  const flags = adapterName === undefined ? [] : [`adapter=${await fullName(adapterName)}`];
  const dawn = new Dawn(create([...dawnFlags, ...flags]));
  try {
    return await WebGPUBackend.create({
      requestAdapter: async () => {
        const adapter = await dawn.gpu.requestAdapter();
        if (!adapter) throw noAdapter();
        return adapter;
      },
      shaders: readShader,
      wait: withNaps,
      variants: async (name) => variants ?? (await readTuning(name)),
      onDestroy: () => {
        dawn.release();
      },
    });
  } catch (error) {
    dawn.release();
    throw error;
  }
}

/**
 * Dawn works for as long as something refers to what `create` returns, and the process does not exit before. If that is
 * collected while Dawn has an event loop turn to come for its events, the process crashes in that turn: so Dawn is held
 * until its last turns are over.
 */
class Dawn {
  private held: GPU | undefined;

  constructor(gpu: GPU) {
    this.held = gpu;
  }

  get gpu(): GPU {
    if (!this.held) throw new Error('Dawn was released.');
    return this.held;
  }

  /** To be called when nothing is under way any more. */
  release(): void {
    setImmediate(() => {
      setImmediate(() => {
        this.held = undefined;
      });
    });
  }
}

function noAdapter(): DeviceError {
  return new DeviceError(
    'No WebGPU adapter was found: install a Vulkan driver (on Linux a package such as mesa-vulkan-drivers and ' +
      'libvulkan1), or use --device reference, which needs none.',
  );
}

/**
 * Without the loader, Dawn writes a warning with a line of its C++ source to stderr and then finds no adapter.
 * On other systems Dawn has backends of its own (Metal, Direct3D).
 */
function hasVulkanLoader(): boolean {
  if (process.platform !== 'linux') return true;
  try {
    process.dlopen({ exports: {} }, 'libvulkan.so.1');
  } catch (error) {
    // A library that was found is refused too, since it is no addon for Node, but in other words.
    return !String(error).includes('cannot open shared object file');
  }
  return true;
}

/** Dawn compares whole names, so the full one is looked up first, in the list it prints when none fits. */
async function fullName(part: string): Promise<string> {
  const names = await adapterNames();
  if (names.length === 0) throw noAdapter();
  const found = names.find((name) => name.toLowerCase().includes(part.toLowerCase()));
  if (found === undefined) {
    throw new DeviceError(
      `No WebGPU adapter has "${part}" in its name; choose one of those here: ${names.join(', ')}.`,
    );
  }
  return found;
}

/** Names of all adapters that Dawn sees. */
async function adapterNames(): Promise<string[]> {
  const { create } = await loadDawn();
  const dawn = new Dawn(create(['adapter=?']));
  try {
    await dawn.gpu.requestAdapter();
    return [];
  } catch (error) {
    const list = error instanceof Error ? error.message : String(error);
    return [...list.matchAll(/name: '([^']*)'/g)].map(([, name]) => name);
  } finally {
    dawn.release();
  }
}
