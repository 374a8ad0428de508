import type { ThreadHost } from '../backends/wasm/crew.js';
import type { Answer } from '../backends/wasm/thread.js';
import { WasmBackend, type KernelFile } from '../backends/wasm/wasm.js';
import { DeviceError } from '../errors.js';

export interface WebWasmOptions {
  /** Where the kernels lie, seen from the page: `dist/wasm` of this package, with a slash at its end. */
  readonly kernels: string | URL;
  /** Starts a worker that runs `vitrine/web/wasm-thread`, as bundlers want to see it. */
  readonly startWorker?: () => Worker;
  /** As many as there are processors if left out. */
  readonly threads?: number;
}

/**
 * Opens the WebAssembly backend in a page or a worker: on threads where the page is cross-origin isolated, else on the caller's
 * own, best that of a worker.
 * @throws DeviceError if the kernels cannot be fetched, or threads cannot be had
 */
export function openWasm({ kernels, startWorker, threads }: WebWasmOptions): Promise<WasmBackend> {
  const fetched = (file: KernelFile): Promise<ArrayBuffer> => fetchKernels(file, kernels);
  if (!startWorker || !self.crossOriginIsolated) return WasmBackend.create({ kernels: fetched });
  const count = threads ?? navigator.hardwareConcurrency;
  return WasmBackend.create({ kernels: fetched, threads: { host: webThreads(startWorker), count } });
}

/** Threads of the web, which end with the page. */
function webThreads(startWorker: () => Worker): ThreadHost {
  return {
    start(heard, failed) {
      const worker = startWorker();
      worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
        heard(data);
      });
      worker.addEventListener('error', ({ message }) => {
        failed(message || 'a worker cannot be started');
      });
      return {
        send: (order) => {
          worker.postMessage(order);
        },
        hold: () => undefined,
        stop: () => {
          worker.terminate();
        },
      };
    },
  };
}

async function fetchKernels(file: KernelFile, folder: string | URL): Promise<ArrayBuffer> {
  try {
    const response = await fetch(new URL(file, new URL(folder, self.location.href)));
    if (!response.ok) throw new Error(`the server answers ${response.status}`);
    return await response.arrayBuffer();
  } catch (error) {
    const why = (error as Error).message;
    throw new DeviceError(
      `Cannot fetch the kernels "${file}" from "${String(folder)}": ${why}; see that they lie there, or load the page again.`,
      { cause: error },
    );
  }
}
