import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { initialize, Minimiser, readBack } from '../../src/train/index.js';
import { backendNames, evaluate, useBackends } from '../support/backends.js';
import { expectClose } from '../support/compare.js';
import { microModel } from '../support/models.js';
import { generator, randomValues } from '../support/random.js';

describe('Minimiser', () => {
  const backends = useBackends();

  test.each(backendNames)('takes the steps that PyTorch takes, on %s', async (name) => {
    const { model, golden } = microModel();
    const minimiser = await Minimiser.create(
      model,
      (own, { image, label }) => v.crossEntropy(own.call(image), label, 0.1),
      backends[name],
      { inputs: { image: [4, 3, 32, 32], label: [4] }, weightDecay: 0.05 },
    );
    const given = {
      image: golden('input').values as Float32Array,
      label: Float32Array.from(golden('labels').values),
    };
    const losses: number[] = [];
    for (let i = 0; i < 5; i++) losses.push(await minimiser.step(given, 1e-3));
    // The golden steps have weights of norms and biases decay, too, which for five steps is less than this.
    expectClose(losses, golden('losses').values, { absolute: 2e-4 });
    minimiser.dispose();
  });

  test.each(backendNames)('finds the line that least squares finds, on %s', async (name) => {
    const random = generator();
    const x = randomValues(64 * 2, random);
    const y = Float32Array.from({ length: 64 }, (_, i) => 3 * x[2 * i] - x[2 * i + 1] + 0.5);
    const line = new v.Linear(2, 1);
    initialize(line, { scheme: 'zeros' });
    const minimiser = await Minimiser.create(
      line,
      (own, inputs) => {
        const off = v.subtract(own.call(inputs.x), inputs.y);
        return v.mean(v.multiply(off, off));
      },
      backends[name],
      { inputs: { x: [64, 2], y: [64, 1] }, weightDecay: 0, betas: [0.9, 0.95] },
    );
    const first = await minimiser.step({ x, y }, 0.1);
    let last = first;
    for (let i = 0; i < 200; i++) last = await minimiser.step({ x, y }, 0.2 * 0.97 ** i);
    expect(first).toBeGreaterThan(1);
    expect(last).toBeLessThan(1e-4);
    expect([...line.weight.storage.values!]).toEqual([0, 0]);
    await minimiser.readBack();
    expectClose(line.weight.storage.values!, [3, -1], { absolute: 0.02 });
    expectClose((line.bias as v.Parameter).storage.values!, [0.5], { absolute: 0.02 });
    minimiser.dispose();
    // What is compiled now computes with what was learned.
    const { out } = await evaluate({ out: line.call(v.constant([1, 1], [1, 2])) }, backends[name]);
    expect(out[0]).toBeCloseTo(2.5, 1);
  });

  test('leaves alone what is frozen, and clips', async () => {
    const model = new v.Linear(3, 2);
    initialize(model, { scheme: 'xavier', seed: 1 });
    const before = model.weight.storage.values!.slice();
    const backend = new v.ReferenceBackend();
    const minimiser = await Minimiser.create(model, (own, { x }) => v.sum(own.call(x)), backend, {
      inputs: { x: [1, 3] },
      freeze: ['weight'],
      clip: 1e-3,
    });
    await minimiser.step({ x: Float32Array.of(1, 2, 3) }, 0.1);
    await minimiser.readBack();
    expect([...model.weight.storage.values!]).toEqual([...before]);
    expectClose((model.bias as v.Parameter).storage.values!, [-0.1, -0.1], { absolute: 1e-5 });
    minimiser.dispose();
  });

  test('refuses what is no objective', async () => {
    const [model, backend] = [new v.Linear(3, 2), new v.ReferenceBackend()];
    initialize(model);
    const make = (objective: unknown, inputs: unknown = { x: [1, 3] }): Promise<unknown> =>
      Minimiser.create(model, objective as never, backend, { inputs } as never);
    await expect(make((own: v.Linear, { x }: { x: v.Tensor }) => own.call(x))).rejects.toThrow(
      'Minimiser: the objective gave a tensor of shape [1, 2]; expected a scalar, such as a mean.',
    );
    await expect(make(() => 3)).rejects.toThrow('Minimiser: the objective gave no tensor; expected a scalar');
    await expect(make(3)).rejects.toThrow('Minimiser: the objective is 3; expected a function.');
    await expect(make(() => 3, [1])).rejects.toThrow(
      'Minimiser: options: inputs is [1]; expected an object.',
    );
  });
});

test('readBack reads what is on a device, and what never was', async () => {
  const [model, backend] = [new v.Linear(3, 2), new v.ReferenceBackend()];
  initialize(model, { seed: 2 });
  const before = model.weight.storage.values!.slice();
  await readBack(model, backend);
  expect([...model.weight.storage.values!]).toEqual([...before]);
});
