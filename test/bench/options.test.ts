import { describe, expect, test } from '@jest/globals';
import { checkOptions } from '../../bench/options.js';

const plain = { runs: '20', warmup: '5' };

describe('the options of the bench', () => {
  test('without any, all devices are measured, on all cores', () => {
    const options = checkOptions(plain);
    expect(options).toMatchObject({
      device: undefined,
      runs: 20,
      warmup: 5,
      batches: undefined,
      peers: false,
    });
    expect(options.threads).toHaveLength(1);
    expect(options.threads[0]).toBeGreaterThan(0);
  });

  test('lists are sorted, without repetition', () => {
    expect(checkOptions({ ...plain, batches: '8,1,8' }).batches).toEqual([1, 8]);
    expect(checkOptions({ ...plain, peers: true, threads: '2, 1' }).threads).toEqual([1, 2]);
    expect(checkOptions({ ...plain, peers: true }).threads).toEqual([1, 2]);
  });

  test('a kernel comes with a shape', () => {
    const { kernel } = checkOptions({ ...plain, kernel: 'matmul', shape: '197x192x768' });
    expect(kernel).toEqual({ name: 'matmul', shape: '197x192x768' });
  });

  test.each([
    [{ runs: '0' }, '--runs is "0"; give a whole number, at least 1.'],
    [{ runs: 'many' }, '--runs is "many"'],
    [{ warmup: '-1' }, '--warmup is "-1"'],
    [{ batches: '1,x' }, '--batches is "x"'],
    [{ device: 'gpu' }, '--device does not know "gpu"; choose one of: auto, webgpu, native, reference.'],
    [{ kernel: 'matmul' }, '--kernel matmul needs a --shape'],
    [{ shape: '1x2x3' }, '--shape is the shape of a --kernel'],
    [{ kernel: 'add', shape: '5', timeline: 'x.svg' }, '--timeline is about whole runs'],
    [{ kernel: 'add', shape: '5', batches: '1' }, '--batches is about whole runs'],
    [{ kernel: 'add', shape: '5', peers: true }, '--kernel looks into the engine by itself'],
    [{ timeline: 'x.svg', peers: true }, '--timeline looks into the engine by itself'],
    [{ weights: 'w', peers: true }, '--weights cannot be combined with --peers'],
    [{ adapter: 'llvm', peers: true }, '--adapter cannot be combined with --peers'],
    [{ adapter: 'llvm', device: 'native' }, '--adapter chooses a WebGPU adapter'],
    [{ threads: '2', device: 'webgpu' }, '--threads is for the native backend'],
    [{ threads: '1,2' }, '--threads is "1,2"; give one number'],
    [{ tune: true, peers: true }, '--tune has a model and shapes of its own; leave out --peers.'],
    [{ tune: true, device: 'native' }, '--tune chooses WebGPU kernels'],
    [{ python: 'python3' }, '--python names the Python'],
    [{ json: ' ' }, '--json is empty'],
    [{ compare: '' }, '--compare is empty'],
  ])('%j is refused in one sentence', (given, complaint) => {
    let message = '';
    try {
      checkOptions({ ...plain, ...given });
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain(complaint);
    expect(message).toMatch(/^[^\n]*\.$/);
  });
});
