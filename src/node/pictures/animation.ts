import { UsageError } from '../../errors.js';
import type { Picture } from '../../image/picture.js';

/** Formats of pictures that move. */
export type AnimationFormat = 'gif' | 'webp';

/** How long a frame stays. */
const pause_ms = 400;

/**
 * Pictures one after the other, without an end.
 * @param frames at least one, all of one size
 * @throws UsageError if they are not
 */
export async function encodeAnimation(
  frames: readonly Picture[],
  format: AnimationFormat,
): Promise<Uint8Array> {
  const [{ width, height }] = frames;
  if (frames.some((frame) => frame.width !== width || frame.height !== height)) {
    throw new UsageError(
      'encodeAnimation: the frames are not all of one size; draw them on paper of one size.',
    );
  }
  const { default: sharp } = await import('sharp');
  // As the library takes pages: one below the other.
  const data = Buffer.concat(frames.map((frame) => frame.data));
  const raw = { width, height: height * frames.length, channels: 3, pageHeight: height } as const;
  const moving = sharp(data, { raw, limitInputPixels: false });
  const shown = { loop: 0, delay: frames.map(() => pause_ms) };
  return format === 'gif' ? moving.gif(shown).toBuffer() : moving.webp({ ...shown, quality: 90 }).toBuffer();
}
