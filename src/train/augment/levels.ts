import type { Picture } from '../../image/index.js';

/** Source of all: Pillow's `ImageOps`, bit for bit. */

/** @param bits of each channel that stay, from 1 to 8 */
export function posterized(picture: Picture, bits: number): Picture {
  const mask = 256 - 2 ** (8 - bits);
  return looked(picture, () => Array.from({ length: 256 }, (_, value) => value & mask));
}

/** Turns around what is as bright as the threshold or brighter. */
export function solarized(picture: Picture, threshold: number): Picture {
  return looked(picture, () =>
    Array.from({ length: 256 }, (_, value) => (value < threshold ? value : 255 - value)),
  );
}

/** Each channel stretched until it begins at 0 and ends at 255. */
export function stretched(picture: Picture): Picture {
  return looked(picture, (counts) => {
    const low = counts.findIndex((count) => count > 0);
    const high = counts.findLastIndex((count) => count > 0);
    if (high <= low) return unchanged;
    const scale = 255 / (high - low);
    const offset = -low * scale;
    return unchanged.map((value) => Math.max(0, Math.min(255, Math.trunc(value * scale + offset))));
  });
}

/** Each channel with all its values used equally often, as far as that can be. */
export function equalized(picture: Picture): Picture {
  return looked(picture, (counts) => {
    const used = counts.filter((count) => count > 0);
    const step = Math.floor((picture.width * picture.height - used.at(-1)!) / 255);
    if (used.length <= 1 || step === 0) return unchanged;
    let before = Math.floor(step / 2);
    return counts.map((count) => {
      const value = Math.min(255, Math.floor(before / step));
      before += count;
      return value;
    });
  });
}

const unchanged: readonly number[] = Array.from({ length: 256 }, (_, value) => value);

/** @param tableOf what each value of a channel becomes, of how often each is there */
function looked(picture: Picture, tableOf: (counts: readonly number[]) => readonly number[]): Picture {
  const data = new Uint8Array(picture.data.length);
  for (let channel = 0; channel < 3; channel++) {
    const counts = new Array<number>(256).fill(0);
    for (let i = channel; i < data.length; i += 3) counts[picture.data[i]]++;
    const table = tableOf(counts);
    for (let i = channel; i < data.length; i += 3) data[i] = table[picture.data[i]];
  }
  return { ...picture, data };
}
