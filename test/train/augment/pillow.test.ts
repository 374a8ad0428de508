import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Picture } from '../../../src/index.js';
import * as affine from '../../../src/train/augment/affine.js';
import * as enhance from '../../../src/train/augment/enhance.js';
import * as levels from '../../../src/train/augment/levels.js';

interface Golden extends Pick<Picture, 'width' | 'height'> {
  readonly picture: string;
  readonly cases: readonly { readonly change: string; readonly strength: number; readonly result: string }[];
}

const path = new URL('../../fixtures/pillow-changes.json', import.meta.url);
const golden = JSON.parse(readFileSync(path, 'utf8')) as Golden;
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
const picture: Picture = { ...golden, data: bytes(golden.picture) };

const changes: Record<string, (picture: Picture, strength: number) => Picture> = {
  shearedX: affine.shearedX,
  shearedY: affine.shearedY,
  movedX: affine.movedX,
  movedY: affine.movedY,
  rotated: affine.rotated,
  ...enhance,
  ...levels,
};

describe('changes of a picture equal those of Pillow 9.4, byte for byte', () => {
  test.each(golden.cases.map((one) => [one.change, one.strength, one.result] as const))(
    '%s by %d',
    (change, strength, result) => {
      const before = picture.data.slice();
      const { data, width, height } = changes[change](picture, strength);
      expect([width, height]).toEqual([picture.width, picture.height]);
      expect([...data]).toEqual([...bytes(result)]);
      expect(picture.data).toEqual(before);
    },
  );

  test('every change is among them', () => {
    const tested = new Set(golden.cases.map(({ change }) => change));
    expect(Object.keys(changes).filter((name) => !tested.has(name))).toEqual([]);
  });
});

describe('changes of pictures with nothing in them', () => {
  const flat: Picture = { width: 2, height: 1, data: new Uint8Array(6).fill(77) };

  test.each(['stretched', 'equalized'])('%s leaves one colour as it is', (name) => {
    expect([...changes[name](flat, 1).data]).toEqual([...flat.data]);
  });

  test.each(['brightness', 'saturation', 'contrast', 'sharpness'])('%s by 1 changes nothing', (name) => {
    expect([...changes[name](picture, 1).data]).toEqual([...picture.data]);
  });
});
