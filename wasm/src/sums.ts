// Folding floats that lie side by side. The order of additions depends on how many they are, and on nothing else.

import { firstLanes, loadFirst } from './vectors';

/** How many floats are summed in single precision before they join a total in double precision. */
const piece: u32 = 1024;

/** The lanes' sum, in pairs. */
function across(x: v128): f32 {
  const pairs = f32x4.add(x, i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** Of at most a few thousand floats, in sixteen chains of additions. */
function shortSum(x: u32, count: u32): f32 {
  let a = f32x4.splat(0.0);
  let b = f32x4.splat(0.0);
  let c = f32x4.splat(0.0);
  let d = f32x4.splat(0.0);
  for (; count >= 16; count -= 16, x += 64) {
    a = f32x4.add(a, v128.load(x));
    b = f32x4.add(b, v128.load(x, 16));
    c = f32x4.add(c, v128.load(x, 32));
    d = f32x4.add(d, v128.load(x, 48));
  }
  for (; count >= 4; count -= 4, x += 16) a = f32x4.add(a, v128.load(x));
  if (count > 0) b = f32x4.add(b, loadFirst(x, count));
  return across(f32x4.add(f32x4.add(a, c), f32x4.add(b, d)));
}

export function sum(x: u32, count: u32): f64 {
  let total: f64 = 0.0;
  for (; count > piece; count -= piece, x += piece << 2) total += <f64>shortSum(x, piece);
  return total + <f64>shortSum(x, count);
}

/** The sum of products of corresponding floats. */
export function dot(x: u32, y: u32, count: u32): f32 {
  let a = f32x4.splat(0.0);
  let b = f32x4.splat(0.0);
  let c = f32x4.splat(0.0);
  let d = f32x4.splat(0.0);
  for (; count >= 16; count -= 16, x += 64, y += 64) {
    a = f32x4.add(a, f32x4.mul(v128.load(x), v128.load(y)));
    b = f32x4.add(b, f32x4.mul(v128.load(x, 16), v128.load(y, 16)));
    c = f32x4.add(c, f32x4.mul(v128.load(x, 32), v128.load(y, 32)));
    d = f32x4.add(d, f32x4.mul(v128.load(x, 48), v128.load(y, 48)));
  }
  for (; count >= 4; count -= 4, x += 16, y += 16) a = f32x4.add(a, f32x4.mul(v128.load(x), v128.load(y)));
  if (count > 0) b = f32x4.add(b, v128.and(f32x4.mul(v128.load(x), v128.load(y)), firstLanes(count)));
  return across(f32x4.add(f32x4.add(a, c), f32x4.add(b, d)));
}

/** The largest; not a number if one of them is not. */
export function largest(x: u32, count: u32): f32 {
  let a = f32x4.splat(-Infinity);
  let b = a;
  for (; count >= 8; count -= 8, x += 32) {
    a = f32x4.max(a, v128.load(x));
    b = f32x4.max(b, v128.load(x, 16));
  }
  a = f32x4.max(a, b);
  const pairs = f32x4.max(a, i8x16.shuffle(a, a, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  let result = max(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
  for (; count > 0; count--, x += 4) result = max(result, load<f32>(x));
  return result;
}

export function smallest(x: u32, count: u32): f32 {
  let a = f32x4.splat(Infinity);
  for (; count >= 4; count -= 4, x += 16) a = f32x4.min(a, v128.load(x));
  const pairs = f32x4.min(a, i8x16.shuffle(a, a, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  let result = min(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
  for (; count > 0; count--, x += 4) result = min(result, load<f32>(x));
  return result;
}
