/** What the engine needs from a page: kernels that are fetched, and threads that are Web Workers. */
export { openWasm, type WebWasmOptions } from './wasm.js';
