// Four floats at a time. Rows may be read a cache line beyond their end, because memory goes on there; they are never written so.

/** All bits in the first `count` lanes, none in the others. */
export function firstLanes(count: u32): v128 {
  return i32x4.gt_u(i32x4.splat(<i32>count), i32x4(0, 1, 2, 3));
}

/** The first `count` lanes of what lies at an address; zeros behind them. */
export function loadFirst(address: u32, count: u32): v128 {
  const vector = v128.load(address);
  return count >= 4 ? vector : v128.and(vector, firstLanes(count));
}

/** Stores the first `count` lanes. */
export function storeFirst(address: u32, vector: v128, count: u32): void {
  if (count >= 4) {
    v128.store(address, vector);
    return;
  }
  if (count === 0) return;
  v128.store_lane<f32>(address, vector, 0);
  if (count === 1) return;
  v128.store_lane<f32>(address, vector, 1, 4);
  if (count === 2) return;
  v128.store_lane<f32>(address, vector, 2, 8);
}

/** `a * b + c`, rounded twice. */
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(a, b), c);
}
