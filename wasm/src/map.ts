// Element by element.

import { Functions, MapPhase, Scratch, worthwhile } from '../../src/backends/wasm/layout';
import {
  exponential,
  gelu,
  geluGradient,
  isNegative,
  logarithm,
  normalCdf,
  oneWhere,
  sigmoid,
} from './functions';
import { storeFirst } from './vectors';
import { gather, nextRow, rowOf, startWalk } from './walk';
import { at, word } from './words';

interface Of1 {
  of(a: v128): v128;
}
interface Of2 {
  of(a: v128, b: v128): v128;
}
interface Of3 {
  of(a: v128, b: v128, c: v128): v128;
}

class Copy implements Of1 {
  of(a: v128): v128 {
    return a;
  }
}
class Negate implements Of1 {
  of(a: v128): v128 {
    return f32x4.neg(a);
  }
}
class Relu implements Of1 {
  of(a: v128): v128 {
    return v128.andnot(a, isNegative(a));
  }
}
class Exp implements Of1 {
  of(a: v128): v128 {
    return exponential(a);
  }
}
class Log implements Of1 {
  of(a: v128): v128 {
    return logarithm(a);
  }
}
class Sqrt implements Of1 {
  of(a: v128): v128 {
    return f32x4.sqrt(a);
  }
}
class Gelu implements Of1 {
  of(a: v128): v128 {
    return gelu(a);
  }
}
class NormalCdf implements Of1 {
  of(a: v128): v128 {
    return normalCdf(a);
  }
}
class Sigmoid implements Of1 {
  of(a: v128): v128 {
    return sigmoid(a);
  }
}
class Add implements Of2 {
  of(a: v128, b: v128): v128 {
    return f32x4.add(a, b);
  }
}
class Subtract implements Of2 {
  of(a: v128, b: v128): v128 {
    return f32x4.sub(a, b);
  }
}
class Multiply implements Of2 {
  of(a: v128, b: v128): v128 {
    return f32x4.mul(a, b);
  }
}
class Divide implements Of2 {
  of(a: v128, b: v128): v128 {
    return f32x4.div(a, b);
  }
}
class GeluGradient implements Of2 {
  of(x: v128, g: v128): v128 {
    return geluGradient(x, g);
  }
}
class SwiGlu implements Of2 {
  of(gate: v128, value: v128): v128 {
    return f32x4.mul(f32x4.mul(gate, sigmoid(gate)), value);
  }
}
class Equal implements Of2 {
  of(a: v128, b: v128): v128 {
    return oneWhere(f32x4.eq(a, b));
  }
}
class Less implements Of2 {
  of(a: v128, b: v128): v128 {
    return oneWhere(f32x4.lt(a, b));
  }
}
class Greater implements Of2 {
  of(a: v128, b: v128): v128 {
    return oneWhere(f32x4.gt(a, b));
  }
}
class Where implements Of3 {
  of(condition: v128, a: v128, b: v128): v128 {
    return v128.bitselect(b, a, f32x4.eq(condition, f32x4.splat(0.0)));
  }
}

function each1<F extends Of1>(a: u32, stepA: u32, output: u32, count: u32): void {
  const end = output + ((count & ~3) << 2);
  for (; output < end; output += 16, a += stepA) v128.store(output, changetype<F>(0).of(v128.load(a)));
  storeFirst(output, changetype<F>(0).of(v128.load(a)), count & 3);
}

function each2<F extends Of2>(a: u32, stepA: u32, b: u32, stepB: u32, output: u32, count: u32): void {
  const end = output + ((count & ~3) << 2);
  for (; output < end; output += 16, a += stepA, b += stepB) {
    v128.store(output, changetype<F>(0).of(v128.load(a), v128.load(b)));
  }
  storeFirst(output, changetype<F>(0).of(v128.load(a), v128.load(b)), count & 3);
}

function each3<F extends Of3>(
  a: u32,
  stepA: u32,
  b: u32,
  stepB: u32,
  c: u32,
  stepC: u32,
  output: u32,
  count: u32,
): void {
  const end = output + ((count & ~3) << 2);
  for (; output < end; output += 16, a += stepA, b += stepB, c += stepC) {
    v128.store(output, changetype<F>(0).of(v128.load(a), v128.load(b), v128.load(c)));
  }
  storeFirst(output, changetype<F>(0).of(v128.load(a), v128.load(b), v128.load(c)), count & 3);
}

/** A function of floats that lie side by side, or are one for all: steps from vector to vector are 16 or 0. */
function mapRow(
  name: u32,
  a: u32,
  stepA: u32,
  b: u32,
  stepB: u32,
  c: u32,
  stepC: u32,
  output: u32,
  count: u32,
): void {
  switch (name) {
    case Functions.copy:
      return each1<Copy>(a, stepA, output, count);
    case Functions.negate:
      return each1<Negate>(a, stepA, output, count);
    case Functions.relu:
      return each1<Relu>(a, stepA, output, count);
    case Functions.exp:
      return each1<Exp>(a, stepA, output, count);
    case Functions.log:
      return each1<Log>(a, stepA, output, count);
    case Functions.sqrt:
      return each1<Sqrt>(a, stepA, output, count);
    case Functions.gelu:
      return each1<Gelu>(a, stepA, output, count);
    case Functions.normalCdf:
      return each1<NormalCdf>(a, stepA, output, count);
    case Functions.sigmoid:
      return each1<Sigmoid>(a, stepA, output, count);
    case Functions.add:
      return each2<Add>(a, stepA, b, stepB, output, count);
    case Functions.subtract:
      return each2<Subtract>(a, stepA, b, stepB, output, count);
    case Functions.multiply:
      return each2<Multiply>(a, stepA, b, stepB, output, count);
    case Functions.divide:
      return each2<Divide>(a, stepA, b, stepB, output, count);
    case Functions.geluGradient:
      return each2<GeluGradient>(a, stepA, b, stepB, output, count);
    case Functions.swiGlu:
      return each2<SwiGlu>(a, stepA, b, stepB, output, count);
    case Functions.equal:
      return each2<Equal>(a, stepA, b, stepB, output, count);
    case Functions.less:
      return each2<Less>(a, stepA, b, stepB, output, count);
    case Functions.greater:
      return each2<Greater>(a, stepA, b, stepB, output, count);
    case Functions.where:
      return each3<Where>(a, stepA, b, stepB, c, stepC, output, count);
    default:
      unreachable();
  }
}

/** Elements of rows that are brought side by side at once. */
const block: u32 = Scratch.mapBlock;

/** Where the next elements of an operand can be read by vectors: in place, spread over a vector, or copied. */
function operand(from: u32, step: u32, count: u32, memory: u32): u32 {
  if (step === 4) return from;
  if (step === 0) v128.store(memory, v128.load_splat<f32>(from));
  else gather(from, step, count, memory);
  return memory;
}

/** One row, or a part of it, from `column` on. */
function runRow(phase: u32, scratch: u32, column: u32, count: u32): void {
  const name = word(phase, MapPhase.name);
  const outputStep = word(phase, MapPhase.outputStep);
  const step0 = word(phase, MapPhase.step0);
  const step1 = word(phase, MapPhase.step1);
  const step2 = word(phase, MapPhase.step2);
  let output = rowOf(scratch, 0) + column * outputStep;
  let a = rowOf(scratch, 1) + column * step0;
  let b = rowOf(scratch, 2) + column * step1;
  let c = rowOf(scratch, 3) + column * step2;
  const vector0: u32 = step0 === 0 ? 0 : 16;
  const vector1: u32 = step1 === 0 ? 0 : 16;
  const vector2: u32 = step2 === 0 ? 0 : 16;
  const memory = scratch + Scratch.walk;
  const inPlace =
    outputStep === 4 &&
    (step0 === 0 || step0 === 4) &&
    (step1 === 0 || step1 === 4) &&
    (step2 === 0 || step2 === 4);
  const most = inPlace ? count : min(block, count);
  while (count > 0) {
    const part = min(most, count);
    const fromA = operand(a, step0, part, memory);
    const fromB = operand(b, step1, part, memory + (block << 2));
    const fromC = operand(c, step2, part, memory + (block << 3));
    const to = outputStep === 4 ? output : memory + 3 * (block << 2);
    mapRow(name, fromA, vector0, fromB, vector1, fromC, vector2, to, part);
    if (outputStep !== 4) {
      for (let i: u32 = 0; i < part; i++) store<f32>(output + i * outputStep, load<f32>(to + (i << 2)));
    }
    output += part * outputStep;
    a += part * step0;
    b += part * step1;
    c += part * step2;
    count -= part;
  }
}

export function map(phase: u32, task: u32, scratch: u32): void {
  const extent = word(phase, MapPhase.extent);
  const walk = at(phase, MapPhase.walk);
  let start = task * worthwhile;
  const end = min(word(phase, MapPhase.size), start + worthwhile);
  let column = start % extent;
  startWalk(walk, scratch, start / extent);
  while (start < end) {
    const count = min(extent - column, end - start);
    runRow(phase, scratch, column, count);
    start += count;
    column = 0;
    nextRow(walk, scratch);
  }
}
