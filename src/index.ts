/**
 * vitrine: a tensor engine with hooks on every attention node, and what explains a vision transformer with it.
 * Everything here runs in Node and in a browser; training is in `vitrine/train`, files, decoders and Dawn are in
 * `vitrine/node`.
 */
export * from './tensor/index.js';
export { compile, Program } from './compiler/compile.js';
export { buildPlan } from './compiler/build-plan.js';
export { planInRounds } from './compiler/rounds.js';
export { multiplyAdds } from './compiler/multiply-adds.js';
export type { Backend, Executable, Profile } from './compiler/backend.js';
export { keptPlans, type PlanStore } from './compiler/kept-plans.js';
export type { Updates } from './compiler/graph.js';
export type {
  Epilogue,
  Fusion,
  Instruction,
  Made,
  MapFunction,
  Plan,
  PlanBuffer,
  PlanInput,
  PlanOutput,
  PlanUpdate,
  Planner,
  Step,
} from './compiler/plan.js';
export type { View } from './compiler/view.js';
export type * from './backends/native/addon.js';
export { NativeBackend, type NativeOptions } from './backends/native/native.js';
export { ReferenceBackend } from './backends/reference/reference.js';
export type { HostThread, ThreadHost } from './backends/wasm/crew.js';
export { serveThread, type Answer, type Order } from './backends/wasm/thread.js';
export { WasmBackend, type KernelFile, type WasmOptions } from './backends/wasm/wasm.js';
export type { ShaderSource } from './backends/webgpu/pipelines.js';
export type { SessionHost } from './backends/webgpu/session.js';
export type { Statistics } from './backends/webgpu/statistics.js';
export {
  defaultVariants,
  possibleVariants,
  type AdapterTraits,
  type ProductVariant,
  type Variants,
} from './backends/webgpu/variants.js';
export type { Wait } from './backends/webgpu/wait.js';
export { WebGPUBackend, type WebGPUHost } from './backends/webgpu/webgpu.js';
export * from './nn/index.js';
export * from './models/index.js';
export * from './explain/index.js';
export * from './evaluate/index.js';
export * from './image/index.js';
export * from './pipeline/index.js';
export {
  captioned,
  cellsOf,
  density,
  drawFrames,
  drawMap,
  drawObjects,
  drawPanel,
  drawSheet,
  fittingColormap,
  htmlIndex,
  htmlPage,
  mostAttention,
  rasterise,
  scales,
  sheetOfView,
  svgOf,
  thumbnailsOf,
  type AddressOf,
  type SheetMap,
  type Drawing,
  type DrawnShape,
  type IndexContent,
  type IndexEntry,
  type ObjectsContent,
  type Outline,
  type PageContent,
  type PanelContent,
  type PlacedPicture,
  type Scale,
  type Sheet,
  type ShownMaps,
  type Thumbnails,
} from './report/index.js';
export { Random } from './random.js';
export { tokenCount, type ModelSizes, type PatchGrid, type TokenGeometry } from './geometry.js';
export * from './errors.js';
