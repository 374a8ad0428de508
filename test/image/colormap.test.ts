import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../src/errors.js';
import { colormap, colormapNames } from '../../src/image/colormap.js';

const colorAt = (name: string, level: number) =>
  Array.from(colormap(name).table.subarray(3 * level, 3 * level + 3));

describe('colormap', () => {
  test.each([
    // matplotlib's tables; turbo by d3's polynomial
    ['viridis', [68, 1, 84], [253, 231, 37]],
    ['inferno', [0, 0, 4], [252, 255, 164]],
    ['magma', [0, 0, 4], [252, 253, 191]],
    ['plasma', [13, 8, 135], [240, 249, 33]],
    ['cividis', [0, 32, 81], [253, 234, 69]],
    ['turbo', [35, 23, 27], [144, 12, 0]],
    ['jet', [0, 0, 128], [128, 0, 0]],
    ['rdbu_r', [5, 48, 97], [103, 0, 31]],
  ])('%s runs from %j to %j', (name, lowest, highest) => {
    expect(colorAt(name, 0)).toEqual(lowest);
    expect(colorAt(name, 255)).toEqual(highest);
  });

  test('jet passes cyan, green and yellow in this order', () => {
    const [red, green, blue] = colorAt('jet', 96);
    expect([red < 64, green, blue > 192]).toEqual([true, 255, true]);
    expect(colorAt('jet', 128)).toEqual([130, 255, 126]);
    expect(colorAt('jet', 160)[2]).toBeLessThan(64);
  });

  test('only rdbu_r is diverging, and its middle is pale', () => {
    expect(colormapNames.filter((name) => colormap(name).diverging)).toEqual(['rdbu_r']);
    expect(Math.min(...colorAt('rdbu_r', 127))).toBeGreaterThan(230);
  });

  test('only gray hides the photograph, and it is grey from black to white', () => {
    expect(colormapNames.filter((name) => colormap(name).opaque)).toEqual(['gray']);
    const levels = Array.from({ length: 256 }, (_, level) => [level, level, level]);
    expect(levels.map(([level]) => colorAt('gray', level))).toEqual(levels);
  });

  test.each(colormapNames)('%s has 256 colours without a jump', (name) => {
    const { table } = colormap(name);
    expect(table).toHaveLength(768);
    const steps = Array.from(table.subarray(3), (value, i) => Math.abs(value - table[i]));
    expect(Math.max(...steps)).toBeLessThan(16);
  });

  test.each(['heat', 'Viridis', 'toString', ''])('the unknown name "%s" lists the known ones', (name) => {
    const known = 'turbo, viridis, inferno, magma, plasma, cividis, jet, rdbu_r, gray';
    expect(() => colormap(name)).toThrow(
      new UsageError(`There is no colour map "${name}"; choose one of ${known}.`),
    );
  });
});
