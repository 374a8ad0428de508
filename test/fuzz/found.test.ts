import { describe, expect, test } from '@jest/globals';
import { bytesSource, openTensors } from '../../src/index.js';
import { describeModel } from '../../src/models/configuration/describe.js';
import { architectureArguments } from '../../src/models/registry/architectures.js';
import { VisionTransformer } from '../../src/models/vision-transformer.js';
import { decodePicture } from '../../src/node/pictures/decode.js';

/* What `npm run fuzz` has found, made smaller. */

describe('damaged files that once did worse than be refused', () => {
  test('a GIF of 44 bytes whose canvas has 65535 rows and columns, which ended the process', async () => {
    const gif = '474946383961ffffffff810000ff000000ff000000ff0000002c00000000030002000002050443300400003b';
    await expect(decodePicture(Buffer.from(gif, 'hex'), 'fuzzed.gif')).rejects.toThrow(
      /^fuzzed\.gif claims 65535x65535 pixels, more than the limit/,
    );
  });

  test('a PyTorch tensor of one number, expanded to a gigabyte', async () => {
    const file =
      'gAKKEGz8nEb5IGqoUBkAAAAAAAAugAJK6QMAAC6AAn0oWA0AAABsaXR0bGVfZW5kaWFuiHUugAJ9KFgBAAAAYWN0b3JjaC5fdXRpbHMKX3Jl' +
      'YnVpbGRfdGVuc29yX3YyCigoWAcAAABzdG9yYWdlY3RvcmNoCkZsb2F0U3RvcmFnZQpYAQAAADBYAwAAAGNwdUoMAAAATnRRSgAAAAAoSgMA' +
      'AABKBAAAAHQoSgQAAABKAQAAAHSJY2NvbGxlY3Rpb25zCk9yZGVyZWREaWN0Cih0UnRSWAEAAABiY3RvcmNoLl91dGlscwpfcmVidWlsZF90' +
      'ZW5zb3JfdjIKKChYBwAAAHN0b3JhZ2VjdG9yY2gKRmxvYXRTdG9yYWdlClgBAAAAMFgDAAAAY3B1SgwAAABOdFFKAgAAAChKAgAAEHQoSgAA' +
      'AAB0iWNjb2xsZWN0aW9ucwpPcmRlcmVkRGljdAoodFJ0UnUugAJdKFgBAAAAMGUuDAAAAAAAAAAAAMB/AADAfwAAwH8AAMB/AADAfwAAwH8A' +
      'AMB/AADAfwAAwH8AAMB/AADAfwAAwH8=';
    const source = bytesSource('fuzzed.pth', Uint8Array.from(Buffer.from(file, 'base64')));
    await expect(openTensors(source)).rejects.toThrow(
      /a tensor of sizes \[268435458\], more than 16777216 numbers/,
    );
  });

  test('a configuration with a million blocks, which were built before anybody looked for their numbers', () => {
    const config = { model_type: 'clip_vision_model', num_hidden_layers: 2 ** 20 };
    const { config: found } = describeModel({ config, source: 'fuzzed' }, architectureArguments);
    expect(() => new VisionTransformer(found)).toThrow(
      /: depth is 1048576; expected a whole number from 0 to 1024\./,
    );
  });
});
