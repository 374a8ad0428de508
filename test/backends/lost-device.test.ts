import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { Parameter } from '../../src/nn/index.js';
import { openWebGPU } from '../../src/node/devices/webgpu.js';

// A device that is destroyed behind the backend's back is what a driver's crash looks like from here.
describe('when the device is lost', () => {
  const weights = new Parameter([3, 4]);
  const x = v.input('x', [2, 3]);
  const y = v.softmax(v.matmul(x, weights));
  const inputs = { x: Float32Array.of(1, -2, 3, 0.5, 0, -1) };

  let backend: v.WebGPUBackend;
  beforeEach(async () => {
    weights.assign(Float32Array.from({ length: 12 }, (_, i) => Math.sin(i)));
    backend = await openWebGPU(process.env['VITRINE_ADAPTER']);
  });
  afterEach(() => {
    backend.destroy();
  });

  /** Loses the device and waits until that is known. */
  async function lose(): Promise<void> {
    const { device } = backend;
    device.destroy();
    await device.lost;
  }

  test('the run under way says so, and the next one gives what the first gave', async () => {
    const program = await v.compile({ y }, backend);
    const before = await program.run(inputs);
    const memory = backend.memory();
    const { device } = backend;
    const underWay = program.run(inputs);
    device.destroy();
    await expect(underWay).rejects.toThrow(v.DeviceError);
    await expect(underWay).rejects.toThrow(/lost its device, .* run again, and a new device is opened\.$/);
    expect(await program.run(inputs)).toEqual(before);
    expect(backend.device).not.toBe(device);
    expect(backend.memory()).toEqual(memory);
    program.dispose();
    expect(backend.memory()).toEqual({ buffers: 0, bytes: 0 });
  });

  test('all programs come back, runs that overlap share one new device, and new programs are compiled on it', async () => {
    const [first, second] = [await v.compile({ y }, backend), await v.compile({ z: v.gelu(y) }, backend)];
    const { y: expected } = await first.run(inputs);
    const { z: active } = await second.run(inputs);
    const memory = backend.memory();
    for (let round = 0; round < 3; round++) {
      await lose();
      const results = await Promise.all([first.run(inputs), second.run(inputs), first.run(inputs)]);
      expect(results).toEqual([{ y: expected }, { z: active }, { y: expected }]);
      expect(backend.memory()).toEqual(memory);
    }
    const third = await v.compile({ y }, backend);
    expect(await third.run(inputs)).toEqual({ y: expected });
  });

  test('numbers that are read when they are needed are read again', async () => {
    let reads = 0;
    const numbers = weights.storage.values!;
    weights.assign(() => {
      reads++;
      return Promise.resolve(numbers.slice());
    });
    const program = await v.compile({ y }, backend);
    const expected = await program.run(inputs);
    await lose();
    expect(await program.run(inputs)).toEqual(expected);
    expect(reads).toBe(2);
  });

  test('what runs on the new one computes with the inputs as they were handed over', async () => {
    const program = await v.compile({ y }, backend);
    const expected = await program.run(inputs);
    await lose();
    const buffer = inputs.x.slice();
    const runs = [program.run({ x: buffer }), program.run({ x: buffer })];
    buffer.fill(5);
    expect(await Promise.all(runs)).toEqual([expected, expected]);
  });

  const lostUpdates = /parameters that were updated on it; .* saved last, and compile again\.$/;
  const double = (): Map<v.Tensor, v.Tensor> => new Map([[weights, v.multiply(weights, 2)]]);

  test('parameters that were updated on it are not silently what they were before', async () => {
    const reader = await v.compile({ y }, backend);
    const step = await v.compile({ y }, backend, double());
    const { y: first } = await step.run(inputs);
    const { y: second } = await step.run(inputs);
    await lose();
    for (let round = 0; round < 2; round++) {
      await expect(step.run(inputs)).rejects.toThrow(lostUpdates);
      await expect(reader.run(inputs)).rejects.toThrow(lostUpdates);
      await expect(v.compile({ y }, backend)).rejects.toThrow(lostUpdates);
      expect(backend.memory()).toEqual({ buffers: 0, bytes: 0 });
    }
    weights.assign(Float32Array.from({ length: 12 }, (_, i) => 2 * Math.sin(i)));
    const resumed = await v.compile({ y }, backend, double());
    expect(await resumed.run(inputs)).toEqual({ y: second });
    expect(second).not.toEqual(first);
    await expect(step.run(inputs)).rejects.toThrow(lostUpdates);
  });

  test('when all programs that used them are gone, they begin anew as without a loss', async () => {
    const step = await v.compile({ y }, backend, double());
    const first = await step.run(inputs);
    await lose();
    await expect(step.run(inputs)).rejects.toThrow(lostUpdates);
    step.dispose();
    const again = await v.compile({ y }, backend, double());
    expect(await again.run(inputs)).toEqual(first);
    await lose();
    await expect(again.run(inputs)).rejects.toThrow(lostUpdates);
  });

  test('what was updated and forgotten before the loss does not hinder anybody', async () => {
    const step = await v.compile({ y }, backend, double());
    const first = await step.run(inputs);
    step.dispose();
    const reader = await v.compile({ y }, backend);
    await lose();
    expect(await reader.run(inputs)).toEqual(first);
  });

  test('a program of the lost device that goes takes nothing with it that a new device has', async () => {
    const idle = await v.compile({ y }, backend);
    await lose();
    const step = await v.compile({ y }, backend, double());
    await step.run(inputs);
    idle.dispose();
    await lose();
    await expect(step.run(inputs)).rejects.toThrow(lostUpdates);
  });

  test('a measured run updates them too', async () => {
    const step = await v.compile({ y }, backend, double());
    await step.profile(inputs);
    await lose();
    await expect(step.run(inputs)).rejects.toThrow(lostUpdates);
  });

  test('no device is opened after destroy', async () => {
    const program = await v.compile({ y }, backend);
    backend.destroy();
    await expect(program.run(inputs)).rejects.toThrow('The webgpu backend was destroyed; open it again.');
    await expect(v.compile({ y }, backend)).rejects.toThrow(
      'The webgpu backend was destroyed; open it again.',
    );
  });
});
