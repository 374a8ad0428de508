/**
 * What the engine needs from a page: devices, pictures by the browser's decoders, downloads that the browser keeps. All of it
 * works in a worker, but for what draws SVG, which browsers do in pages alone.
 */
export { openWasm, type WebWasmOptions } from './wasm.js';
export { findAdapter, type FoundAdapter } from './adapter.js';
export { openWebGPU, type WebWebGPUOptions } from './webgpu.js';
export { readPicture, type PictureContent, type PictureOfPage } from './picture.js';
export { KeptFiles } from './kept-files.js';
export { askHub, fetchFromHub, keptAddress, type HubFile, type HubFileInfo } from './hub.js';
export { sha256Of } from './sha256.js';
export { drawSvg, isSvg } from './svg.js';
