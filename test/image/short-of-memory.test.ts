import { afterEach, expect, jest, test } from '@jest/globals';
import sharp from 'sharp';
import { decodePicture } from '../../src/node/pictures/decode.js';
import { MemoryError } from '../../src/node/pictures/refusals.js';

/* What decoders said of pictures where a process was given a little memory more than it had. */

const picture = await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } })
  .webp()
  .toBuffer();
afterEach(() => {
  jest.restoreAllMocks();
});

test.each([
  'Input buffer has corrupt header: vips_tracked: out of memory -- size == 137MB',
  'VipsJpeg: Insufficient memory (case 4)',
  'source: bad seek to 25546884\nvips_image_write_to_memory: out of memory -- size == 102MB',
  'Array buffer allocation failed',
])('"%s" is no fault of the picture', async (message) => {
  jest.spyOn(sharp.prototype, 'metadata').mockRejectedValue(new Error(message) as never);
  const refusal = await decodePicture(picture, 'a.webp').catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(MemoryError);
  expect((refusal as Error).message).toBe(
    'a.webp takes more memory than there is: let it have more, or make the picture smaller.',
  );
});

test('what is damaged is no lack of memory', async () => {
  const refusal = await decodePicture(picture.subarray(0, 30), 'a.webp').catch((error: unknown) => error);
  expect(refusal).not.toBeInstanceOf(MemoryError);
});
