import { readFile } from 'node:fs/promises';
import type { Variants } from '../../backends/webgpu/variants.js';
import { WebGPUBackend } from '../../backends/webgpu/webgpu.js';
import { DeviceError } from '../../errors.js';
import { aText, expectGiven, optional } from '../../given.js';
import { failureInWords } from '../files/failure-in-words.js';
import { packageFile } from '../package-files.js';
import { findAdapters } from './adapters.js';
import { Dawn, loadDawn } from './dawn.js';
import { withNaps } from './naps.js';
import { readTuning } from './tuned-variants.js';

/** Dawn rounds timestamps to 0.1 ms, to keep secrets from pages; a program on one's own machine may measure. */
const dawnFlags = ['disable-dawn-features=timestamp_quantization'];

/** Opens the shader files that are part of this package. */
async function readShader(file: string): Promise<string> {
  const path = packageFile(`shaders/${file}`);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new DeviceError(
      `Cannot read the kernel "${path}": ${failureInWords(error)}; mend that or install vitrine again.`,
      { cause: error },
    );
  }
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
  expectGiven('openWebGPU: the adapter', adapterName, optional(aText));
  const { names, first, problem } = await findAdapters();
  if (!first) throw noAdapter(adapterName, problem);
  const flags = adapterName === undefined ? [] : [`adapter=${fullName(adapterName, names)}`];
  const { create, globals } = await loadDawn();
  // The engine names WebGPU's constants (GPUBufferUsage, GPUMapMode) as a browser does.
  Object.assign(globalThis, globals);
  const dawn = new Dawn(create([...dawnFlags, ...flags]));
  try {
    return await WebGPUBackend.create({
      requestAdapter: async () => {
        const adapter = await dawn.gpu.requestAdapter();
        if (!adapter) throw noAdapter(adapterName);
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

/** @param problem why there is none, where that is known */
function noAdapter(adapterName: string | undefined, problem?: string): DeviceError {
  const because = problem === undefined ? '' : `, because ${problem}`;
  const leaveOut = adapterName === undefined ? '' : ', and leave out --adapter';
  return new DeviceError(
    `No WebGPU adapter was found${because}: install a Vulkan driver (on Linux a package such as mesa-vulkan-drivers, with ` +
      `libvulkan1), or use --device native or --device auto, which need none${leaveOut}.`,
  );
}

/** Dawn compares whole names. */
function fullName(part: string, names: readonly string[]): string {
  const found = names.find((name) => name.toLowerCase().includes(part.toLowerCase()));
  if (found === undefined) {
    throw new DeviceError(
      `No WebGPU adapter has "${part}" in its name; choose one of those here: ${names.join(', ')}.`,
    );
  }
  return found;
}
