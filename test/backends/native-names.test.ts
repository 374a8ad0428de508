import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import type { NativeAddon } from '../../src/backends/native/addon.js';
import { functions } from '../../src/backends/reference/functions.js';
import type { Epilogue, Made, Step } from '../../src/compiler/plan.js';
import { openNative } from '../../src/node/devices/native.js';
import type { Reduction } from '../../src/tensor/index.js';

const addonPath = fileURLToPath(new URL('../../native/build/Release/vitrine.node', import.meta.url));
const { names } = createRequire(import.meta.url)(addonPath) as NativeAddon;

// Lists that the compiler holds complete.
const reductions = { sum: true, mean: true, max: true, min: true } satisfies Record<Reduction, true>;
const activations = { none: true, gelu: true, geluGradient: true } satisfies Record<
  Epilogue['activation'],
  true
>;
const made = { copy: true, multiply: true, relu: true, multiplyRelu: true } satisfies Record<Made, true>;
const steps = {
  map: true,
  reduce: true,
  softmax: true,
  layerNorm: true,
  matmul: true,
  largestMask: true,
  softmaxGradient: true,
  layerNormGradient: true,
} satisfies Record<Step['kind'], true>;

/** What the backend's fusions let the compiler put into an epilogue. */
function fusedActivations(): string[] {
  const native = openNative(1);
  const fusions: ReadonlySet<string> = native.fusions;
  native.destroy();
  return Object.keys(activations).filter((name) => name === 'none' || fusions.has(name));
}

test.each([
  ['functions', names.functions, Object.keys(functions)],
  ['reductions', names.reductions, Object.keys(reductions)],
  ['activations', names.activations, fusedActivations()],
  ['elements', names.made, Object.keys(made)],
  ['steps', names.steps, Object.keys(steps)],
])('the addon knows the %s of the language, each once', (_, known, expected) => {
  expect(known.toSorted()).toEqual(expected.toSorted());
});
