import { expect, test } from '@jest/globals';
import { emptyRoom } from '../../src/evaluate/saliency.js';
import { saliency } from '../../src/index.js';
import { locatorOf } from '../../src/pipeline/evaluation/evidence.js';

const mask = (...values: number[]) => ({ width: 2, height: 1, values });
const map = (...values: number[]) => ({ grid: [1, 2] as const, values, geometry: undefined });

test('each map has its own saliency beside the mask of its object, whichever was located before', () => {
  const objects = [mask(1, 0), mask(0, 1)].map((one) => ({ class: 0, masks: [one] }));
  const locate = locatorOf({ ready: [], objects, seed: 0 }, emptyRoom());
  const [left, right] = [map(3, 1), map(1, 4)];
  for (const [one, object] of [
    [left, 0],
    [left, 1],
    [right, 0],
    [left, 0],
    [right, 1],
  ] as const) {
    const { saliency: found, object: own, others } = locate(one, object)!;
    const { sum = 1 } = found;
    expect(Array.from(found.values, (value) => value / sum)).toEqual(Array.from(saliency(one, own).values));
    expect([own, others]).toEqual([objects[object].masks[0], [objects[1 - object].masks[0]]]);
  }
});

test('an object without a mask lies nowhere', () => {
  expect(
    locatorOf({ ready: [], objects: [{ class: 0 }], seed: 0 }, emptyRoom())(map(1, 2), 0),
  ).toBeUndefined();
});
