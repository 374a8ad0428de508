import { readFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { ThreadHost } from '../../backends/wasm/crew.js';
import type { Answer } from '../../backends/wasm/thread.js';
import { WasmBackend, type KernelFile } from '../../backends/wasm/wasm.js';
import { DeviceError } from '../../errors.js';
import { failureInWords } from '../files/failure-in-words.js';
import { packageFile } from '../package-files.js';
import { threadsToUse } from './threads.js';

/**
 * Opens the WebAssembly backend.
 * @param threads as many as the process may use cores if left out, or as VITRINE_THREADS says
 * @throws DeviceError if the kernels were not built, or threads cannot be had
 * @throws UsageError for a number of threads out of range
 */
export function openWasm(threads = threadsToUse()): Promise<WasmBackend> {
  return WasmBackend.create({ kernels: readKernels, threads: { host, count: threads } });
}

async function readKernels(file: KernelFile): Promise<Uint8Array<ArrayBuffer>> {
  const path = packageFile(`dist/wasm/${file}`);
  try {
    return await readFile(path);
  } catch (error) {
    throw new DeviceError(
      `Cannot read the kernels "${path}": ${failureInWords(error)}; mend that or install vitrine again.`,
      { cause: error },
    );
  }
}

/** Threads of Node, which end with the process: none of them keeps it from ending while it has nothing to do. */
const host: ThreadHost = {
  start(heard, failed) {
    const worker = new Worker(packageFile('dist/node/devices/wasm-thread.js'), { execArgv: [] });
    worker.on('message', (answer: Answer) => {
      heard(answer);
    });
    worker.on('error', (error) => {
      failed(failureInWords(error));
    });
    worker.on('exit', () => {
      failed('a thread has ended');
    });
    return {
      send: (order) => {
        worker.postMessage(order);
      },
      hold: (working) => {
        if (working) worker.ref();
        else worker.unref();
      },
      stop: () => void worker.terminate(),
    };
  },
};
