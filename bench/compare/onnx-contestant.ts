/** ONNX Runtime as a contestant, on the CPU, in WebAssembly or on WebGPU; see protocol.ts. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { peersFolder } from '../paths.js';
import { runtimeFor, serve, type Setup } from './protocol.js';
import { readRaw } from './raw-file.js';

/** What is used of the package, which is installed in bench/peers only and so unknown to the type checker. */
interface OnnxRuntime {
  readonly env: { readonly wasm: { numThreads: number } };
  readonly Tensor: new (type: 'float32', values: Float32Array, shape: readonly number[]) => OnnxTensor;
  readonly InferenceSession: {
    create(path: string, options: Readonly<Record<string, unknown>>): Promise<Session>;
  };
}
interface OnnxTensor {
  readonly data: Float32Array;
}
interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(inputs: Readonly<Record<string, OnnxTensor>>): Promise<Readonly<Record<string, OnnxTensor>>>;
}

const channels = 3;

const require = createRequire(join(peersFolder, 'package.json'));

let loaded: { setup: Setup; images: Float32Array; runtime: OnnxRuntime } | undefined;

await serve(
  async (setup) => {
    const name = runtimeFor(setup.device);
    const runtime = require(name) as OnnxRuntime;
    const { version } = JSON.parse(
      await readFile(join(peersFolder, 'node_modules', name, 'package.json'), 'utf8'),
    ) as { version: string };
    // In WebAssembly the number of threads is the module's, not a session's.
    if (setup.provider === 'wasm') runtime.env.wasm.numThreads = setup.threads;
    loaded = { setup, images: await readRaw(setup.images), runtime };
    const provider = { cpu: 'CPU', wasm: 'WebAssembly', webgpu: 'WebGPU' }[setup.provider];
    return { description: `ONNX Runtime ${version}, ${provider} provider` };
  },
  async ({ work, batch }) => {
    if (work !== 'forward' && work !== 'forward-each') throw new Error('ONNX Runtime computes no gradients.');
    const { setup, images, runtime } = loaded!;
    const atOnce = work === 'forward-each' ? 1 : batch;
    const session = await runtime.InferenceSession.create(setup.onnx[atOnce], {
      executionProviders: [setup.provider],
      intraOpNumThreads: setup.threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
    const { image } = setup.sizes;
    const size = channels * image * image * atOnce;
    const inputs = Array.from({ length: batch / atOnce }, (_, part) => {
      const values = images.slice(part * size, (part + 1) * size);
      return new runtime.Tensor('float32', values, [atOnce, channels, image, image]);
    });
    return async () => {
      const parts: Readonly<Record<string, OnnxTensor>>[] = [];
      for (const input of inputs) parts.push(await session.run({ [session.inputNames[0]]: input }));
      if (parts.length === 1) return session.outputNames.map((name) => parts[0][name].data);
      // Left in pieces: joining them is no part of the contest. Output by output, image by image.
      return session.outputNames.flatMap((name) => parts.map((part) => part[name].data));
    };
  },
);
