/*
 * What differs between two lists of steps, one that is known and one that is to be made of it: a number for each difference of one,
 * how far it lies behind the one before, doubled, and 1 more if it is upwards. Seven bits of it a byte, the lowest first, the
 * eighth bit set where more follow.
 */

/** Writes them. */
export class Corrections {
  #bytes = new Uint8Array(1024);
  #length = 0;
  #last = 0;

  /** @param difference what is to be added to the step at a place, which no earlier call was about, nor any behind it */
  add(place: number, difference: number): void {
    const isUp = difference > 0 ? 1 : 0;
    for (let count = Math.abs(difference); count > 0; count--) {
      if (this.#length + 5 > this.#bytes.length) this.#bytes = doubled(this.#bytes);
      let number = 2 * (place - this.#last) + isUp;
      for (; number > 127; number >>>= 7) this.#bytes[this.#length++] = (number & 127) | 128;
      this.#bytes[this.#length++] = number;
      this.#last = place;
    }
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
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
