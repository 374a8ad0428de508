import { describe, expect, test } from '@jest/globals';
import { driversIn } from '../../bench/compare/drivers.js';
import { figuresOf, judge } from '../../bench/compare/measurement.js';
import { forwardTargetOn, isSlowBlas, targets } from '../../bench/compare/targets.js';

describe('side by side', () => {
  test('a software adapter has a target of its own', () => {
    expect(forwardTargetOn('vitrine on webgpu: swiftshader-device, SwiftShader driver 5.0.0')).toBe(
      targets.forwardOnSwiftShader,
    );
    expect(forwardTargetOn('llvmpipe (LLVM 15.0.6)')).toBe(targets.forwardOnLavapipe);
    expect(forwardTargetOn('NVIDIA H200')).toEqual({});
  });

  test('drivers are found among what a process has mapped', () => {
    const maps = [
      '7f00-7f01 r-xp 00000000 08:01 1  /usr/lib/libvulkan.so.1.3.2',
      '7f02-7f03 r-xp 00000000 08:01 2  /opt/a b/libvk_swiftshader.so',
      '7f04-7f05 r--p 00000000 08:01 3  /usr/lib/x86_64-linux-gnu/libvulkan_lvp.so',
      '7f06-7f07 r-xp 00000000 08:01 3  /usr/lib/x86_64-linux-gnu/libvulkan_lvp.so',
      '7f08-7f09 rw-p 00000000 00:00 0',
    ].join('\n');
    expect(driversIn(maps).map((path) => path.split('/').at(-1))).toEqual([
      'libvk_swiftshader.so',
      'libvulkan_lvp.so',
    ]);
  });

  test('the ratio is of the medians, and a figure like them', () => {
    const about = { title: 'forward', unit: 'ms', threads: undefined, against: 'ONNX Runtime' } as const;
    const entries = [{ name: 'vitrine' }, { name: 'ONNX Runtime' }];
    const measured = judge(
      { ...about, target: { ratio: 0.5 } },
      entries,
      [
        [1, 9, 2],
        [4, 4, 4],
      ],
      true,
    );
    expect(measured).toMatchObject({ ratio: 0.5, reached: true });
    expect(figuresOf([measured]).map(({ name, value }) => [name, value])).toEqual([
      ['forward: vitrine', 2],
      ['forward: ONNX Runtime', 4],
      ['forward: vitrine by ONNX Runtime', 0.5],
    ]);
  });

  const about = { title: 'whole process', unit: 'ms', threads: undefined, against: 'PyTorch' } as const;
  const [ours, theirs] = [{ name: 'vitrine' }, { name: 'PyTorch' }];

  test.each([
    ['a ratio and what may be added', { ratio: 1.5, plus: 100 }, [250], [100], true],
    ['one more', { ratio: 1.5, plus: 100 }, [251], [100], false],
    ['the ratio is kept, what we may take is not', { ratio: 0.5, most: 40 }, [50], [100], false],
    ['we alone, by ourselves', { most: 210 }, [200], [], true],
    ['we alone, too much', { most: 210 }, [220], [], false],
    ['we alone, against somebody', { ratio: 0.5, most: 210 }, [200], [], undefined],
  ])('a target: %s', (_, target, our, their, reached) => {
    const entries = their.length > 0 ? [ours, theirs] : [ours];
    expect(judge({ ...about, target }, entries, [our, their], true).reached).toBe(reached);
  });

  test('against a peer that is not fair there is no verdict', () => {
    const measured = judge({ ...about, target: { ratio: 2 } }, [ours, theirs], [[1], [1]], false);
    expect(measured).toMatchObject({ ratio: 1, isFair: false, reached: undefined });
  });

  test('a slow BLAS is known by the share of what a core can do', () => {
    // The reference BLAS, OpenBLAS that takes the processor for an old one, and OpenBLAS that knows it.
    expect([4e9, 25e9, 146e9].map((rate) => isSlowBlas(rate, 150e9))).toEqual([true, true, false]);
    // A core with narrower vectors.
    expect(isSlowBlas(25e9, 40e9)).toBe(false);
    expect(isSlowBlas(undefined, 150e9)).toBe(false);
    expect(isSlowBlas(4e9, undefined)).toBe(false);
  });
});
