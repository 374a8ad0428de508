/*
 * What differs between two lists of steps, one that is known and one that is to be made of it: a number for each difference of one,
 * how far it lies behind the one before, doubled, and 1 more if it is upwards. Seven bits of it a byte, the lowest first, the
 * eighth bit set where more follow.
 */

export function correctionsOf(known: Uint8Array, wanted: Uint8Array): Uint8Array {
  let bytes = new Uint8Array(1024);
  let length = 0;
  let last = 0;
  for (let i = 0; i < known.length; i++) {
    if (known[i] === wanted[i]) continue;
    const isUp = wanted[i] > known[i] ? 1 : 0;
    for (let count = Math.abs(wanted[i] - known[i]); count > 0; count--) {
      if (length + 5 > bytes.length) bytes = doubled(bytes);
      let number = 2 * (i - last) + isUp;
      for (; number > 127; number >>>= 7) bytes[length++] = (number & 127) | 128;
      bytes[length++] = number;
      last = i;
    }
  }
  return bytes.subarray(0, length);
}

function doubled(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(2 * bytes.length);
  larger.set(bytes);
  return larger;
}

/** Makes the one list of the other, in its place. */
export function correct(known: Uint8Array, corrections: Uint8Array): void {
  let place = 0;
  for (let at = 0; at < corrections.length;) {
    let number = 0;
    let shift = 0;
    let byte: number;
    do {
      byte = corrections[at++];
      number |= (byte & 127) << shift;
      shift += 7;
    } while (byte > 127);
    place += number >>> 1;
    known[place] += number & 1 ? 1 : -1;
  }
}
