/**
 * What the engine needs from a page: devices, pictures by the browser's decoders, downloads that the browser keeps. All of it
 * works in a worker.
 */
export { openWasm, type WebWasmOptions } from './wasm.js';
export { findAdapter, openWebGPU, type FoundAdapter, type WebWebGPUOptions } from './webgpu.js';
export { readPicture, type PictureContent, type PictureOfPage } from './picture.js';
export { KeptFiles } from './kept-files.js';
export { askHub, fetchFromHub, keptAddress, sha256Of, type HubFile, type HubFileInfo } from './hub.js';
