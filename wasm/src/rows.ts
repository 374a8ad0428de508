// Softmax, layer norm and their gradients, row by row.

import { Kernel, Phase, RowsPhase, Scratch } from '../../src/backends/wasm/layout';
import { exponentialOfNegative } from './functions';
import { dot, largest, sum } from './sums';
import { multiplyAdd, storeFirst } from './vectors';
import { contiguous, nextRow, rowOf, startWalk } from './walk';
import { at, floatWord, word } from './words';

/** `exp(x - max) / sum`; the output may be the input. */
export function softmaxRow(x: u32, output: u32, count: u32): void {
  const highest = f32x4.splat(largest(x, count));
  const bytes: u32 = count << 2;
  const whole = bytes & ~15;
  for (let i: u32 = 0; i < whole; i += 16) {
    v128.store(output + i, exponentialOfNegative(f32x4.sub(v128.load(x + i), highest)));
  }
  storeFirst(output + whole, exponentialOfNegative(f32x4.sub(v128.load(x + whole), highest)), count & 3);
  const total = f32x4.splat(<f32>sum(output, count));
  for (let i: u32 = 0; i < whole; i += 16) v128.store(output + i, f32x4.div(v128.load(output + i), total));
  storeFirst(output + whole, f32x4.div(v128.load(output + whole), total), count & 3);
}

/** `y (g - sum(y g))` */
function softmaxGradientRow(y: u32, gradient: u32, output: u32, count: u32): void {
  const product = f32x4.splat(dot(y, gradient, count));
  for (; count > 0; y += 16, gradient += 16, output += 16) {
    const width = min<u32>(4, count);
    storeFirst(output, f32x4.mul(v128.load(y), f32x4.sub(v128.load(gradient), product)), width);
    count -= width;
  }
}

/**
 * Stores `(x - mean) / sqrt(variance + epsilon)`; the variance is taken about the mean.
 * @returns one over that square root
 */
function normalise(x: u32, epsilon: f32, z: u32, count: u32): f32 {
  const mean = f32x4.splat(<f32>(sum(x, count) / <f64>count));
  for (let i: u32 = 0; i < count << 2; i += 16) v128.store(z + i, f32x4.sub(v128.load(x + i), mean));
  const variance = <f64>dot(z, z, count) / <f64>count;
  const scale = <f32>(1.0 / sqrt(variance + <f64>epsilon));
  const scales = f32x4.splat(scale);
  for (let i: u32 = 0; i < count << 2; i += 16) v128.store(z + i, f32x4.mul(v128.load(z + i), scales));
  return scale;
}

/** @param memory for a row, rounded up to whole vectors, as in what follows */
function layerNormRow(
  x: u32,
  weight: u32,
  bias: u32,
  epsilon: f32,
  output: u32,
  count: u32,
  memory: u32,
): void {
  normalise(x, epsilon, memory, count);
  for (let z = memory; count > 0; z += 16, weight += 16, bias += 16, output += 16) {
    const width = min<u32>(4, count);
    storeFirst(output, multiplyAdd(v128.load(z), v128.load(weight), v128.load(bias)), width);
    count -= width;
  }
}

/** `(u - mean(u) - z mean(u z)) / s` with `u = g weight`, `z = (x - mean) / s`, plus the residual if there is one. */
function layerNormGradientRow(
  x: u32,
  weight: u32,
  gradient: u32,
  residual: u32,
  epsilon: f32,
  output: u32,
  count: u32,
  memory: u32,
): void {
  let z = memory;
  let u = memory + (((count + 3) & ~3) << 2);
  const scale = f32x4.splat(normalise(x, epsilon, z, count));
  for (let i: u32 = 0; i < count << 2; i += 16) {
    v128.store(u + i, f32x4.mul(v128.load(gradient + i), v128.load(weight + i)));
  }
  const meanU = f32x4.splat(<f32>(sum(u, count) / <f64>count));
  const meanUZ = f32x4.splat(dot(u, z, count) / <f32>count);
  for (; count > 0; z += 16, u += 16, output += 16) {
    const width = min<u32>(4, count);
    const rest = f32x4.sub(f32x4.sub(v128.load(u), meanU), f32x4.mul(v128.load(z), meanUZ));
    let result = f32x4.mul(rest, scale);
    if (residual !== 0) {
      result = f32x4.add(result, v128.load(residual));
      residual += 16;
    }
    storeFirst(output, result, width);
    count -= width;
  }
}

export function rows(phase: u32, task: u32, scratch: u32): void {
  const columns = word(phase, RowsPhase.columns);
  const perTask = word(phase, RowsPhase.rowsPerTask);
  const start = task * perTask;
  const end = min(word(phase, RowsPhase.rows), start + perTask);
  const walk = at(phase, RowsPhase.walk);
  const epsilon = floatWord(phase, RowsPhase.epsilon);
  const rowBytes: u32 = ((columns + 3) & ~3) << 2;
  const memory = scratch + Scratch.walk;
  const copies = memory + Scratch.ownRows * rowBytes;
  // Weight and bias are the same for all rows.
  const weight = contiguous(
    word(phase, RowsPhase.weight),
    word(phase, RowsPhase.weightStep),
    columns,
    copies,
  );
  const bias = contiguous(
    word(phase, RowsPhase.bias),
    word(phase, RowsPhase.biasStep),
    columns,
    copies + rowBytes,
  );
  const step0 = word(phase, RowsPhase.step0);
  const step1 = word(phase, RowsPhase.step1);
  const step2 = word(phase, RowsPhase.step2);
  const views = word(walk, 1);
  let output: u32 = word(phase, RowsPhase.output) + start * (columns << 2);
  startWalk(walk, scratch, start);
  for (let row = start; row < end; row++, output += columns << 2) {
    const a = contiguous(rowOf(scratch, 0), step0, columns, copies + 2 * rowBytes);
    const b = views > 1 ? contiguous(rowOf(scratch, 1), step1, columns, copies + 3 * rowBytes) : 0;
    const c = views > 2 ? contiguous(rowOf(scratch, 2), step2, columns, copies + 4 * rowBytes) : 0;
    switch (word(phase, Phase.kernel)) {
      case Kernel.softmax:
        softmaxRow(a, output, columns);
        break;
      case Kernel.softmaxGradient:
        softmaxGradientRow(a, b, output, columns);
        break;
      case Kernel.layerNorm:
        layerNormRow(a, weight, bias, epsilon, output, columns, memory);
        break;
      case Kernel.layerNormGradient:
        layerNormGradientRow(a, weight, b, c, epsilon, output, columns, memory);
        break;
      default:
        unreachable();
    }
    nextRow(walk, scratch);
  }
}
