import { describe, expect, test } from '@jest/globals';
import { parseOptions, type BenchOptions } from '../../bench/options.js';

const given = (...words: string[]): BenchOptions => parseOptions(words)!;

describe('the options of the bench', () => {
  test('without any, all devices are measured, on all cores', () => {
    const options = given();
    expect(options).toMatchObject({ runs: 20, warmup: 5, batches: [1, 8, 32] });
    expect(options.device).toBeUndefined();
    expect(options.threads).toHaveLength(1);
    expect(options.threads[0]).toBeGreaterThan(0);
  });

  test('lists are sorted, without repetition', () => {
    expect(given('--batches', '8,1,8').batches).toEqual([1, 8]);
    expect(given('--peers', '--batches', '4').batches).toEqual([4]);
    expect(given('--peers').batches).toEqual([1, 8]);
    expect(given('--peers', '--device', 'webgpu').batches).toEqual([1]);
    expect(given('--peers', '--threads', '2, 1').threads).toEqual([1, 2]);
    expect(given('--peers').threads).toEqual([1, 2]);
    expect(given('--peers', '--device', 'wasm')).toMatchObject({ threads: [1, 2], batches: [1] });
    expect(given('--peers', '--device', 'webgpu').threads).toHaveLength(1);
  });

  test('the model is a registered one, by the name that it is listed under', () => {
    expect(given().model).toBe('deit_tiny_patch16_224');
    expect(given('--peers', '--model', 'vit_base_patch16_224').model).toBe('vit_base_patch16_224');
    // Its default checkpoint.
    expect(given('--model', 'deit_tiny_patch16_224.fb_in1k').model).toBe('deit_tiny_patch16_224');
    expect(given('--model', 'vit_base_patch16_siglip_224').model).toBe('vit_base_patch16_siglip_224');
  });

  test('a kernel comes with a shape, and files with absolute paths', () => {
    const options = given('--kernel', 'matmul', '--shape', '197x192x768', '--json', 'run.json');
    expect(options).toMatchObject({ kernel: 'matmul', shape: '197x192x768' });
    expect(options.json).toMatch(/.\/run\.json$/);
  });

  test.each([
    [['--runs', '0'], "option '--runs <N>' argument '0' is invalid. Give a whole number, at least 1;"],
    [['--runs', 'many'], "'--runs <N>' argument 'many' is invalid"],
    [['--warmup', '-1'], "'--warmup <N>' argument '-1' is invalid"],
    [['--batches', '1,x'], "'--batches <list>' argument '1,x' is invalid"],
    [
      ['--device', 'gpu'],
      "argument 'gpu' is invalid. Allowed choices are auto, webgpu, native, wasm, reference;",
    ],
    [['--run', '3'], "unknown option '--run'; did you mean"],
    [['fast'], 'too many arguments'],
    [['--kernel', 'matmul'], '--kernel goes with --shape; give both.'],
    [['--shape', '1x2x3'], '--shape goes with --kernel; give both.'],
    [['--kernel', 'add', '--shape', '5', '--timeline', 'x'], 'cannot be used with'],
    [['--kernel', 'add', '--shape', '5', '--batches', '1'], 'cannot be used with'],
    [['--kernel', 'add', '--shape', '5', '--peers'], 'cannot be used with'],
    [['--kernel', 'add', '--shape', '5', '--model', 'test_vit'], 'cannot be used with'],
    [['--tune', '--model', 'test_vit'], 'cannot be used with'],
    [['--model', ' '], "argument ' ' is invalid. It is empty;"],
    [['--model', 'vit_bse_patch16_224'], 'There is no model "vit_bse_patch16_224"; did you mean vit_base'],
    [['--model', 'swin_base_patch4_window7_224'], 'which is not supported'],
    [['--timeline', 'x', '--peers'], 'cannot be used with'],
    [['--weights', 'w', '--peers'], 'cannot be used with'],
    [['--adapter', 'llvm', '--peers'], 'cannot be used with'],
    [['--adapter', 'llvm', '--device', 'native'], '--adapter is for webgpu; it cannot be combined'],
    [['--threads', '2', '--device', 'webgpu'], '--threads is for native or wasm; it cannot be combined'],
    [['--threads', '1,2'], '--threads takes one number; add --peers to compare several.'],
    [['--tune', '--peers'], 'cannot be used with'],
    [['--tune', '--device', 'native'], '--tune is for webgpu; it cannot be combined'],
    [['--peers', '--device', 'reference'], '--peers compares native, wasm or webgpu; it cannot be combined'],
    [['--python', 'python3'], '--python goes with --peers; give both.'],
    [['--json', ' '], "argument ' ' is invalid. It is empty;"],
    [['--compare', ''], "argument '' is invalid. It is empty;"],
  ])('%j is refused in one line', (words, complaint) => {
    let message = '';
    try {
      parseOptions(words);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain(complaint);
    expect(message).toMatch(/^[^\n]*[.?]$/);
  });
});
