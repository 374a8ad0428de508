import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { ReferenceBackend, WeightsError, type Plan, type Values } from '../../src/index.js';
import {
  formatSelfCheck,
  runSelfCheck,
  selfCheckVerdict,
  type Backend,
  type SelfCheckReport,
} from '../../src/index.js';
import { readGolden } from '../../src/node/models/golden.js';
import { backendNames, useBackends } from '../support/backends.js';
import { readSafetensors } from '../support/safetensors.js';

/** A backend with a fault: in its plans, or in the results that it hands back. */
class FaultyBackend extends ReferenceBackend {
  constructor(
    private readonly spoil: (name: string, values: Values) => Values,
    private readonly change: (plan: Plan) => Plan = (plan) => plan,
  ) {
    super();
  }

  override async load(plan: Plan) {
    const loaded = await super.load(this.change(plan));
    const spoilAll = (results: Values[]) => results.map((v, i) => this.spoil(plan.outputs[i].name, v));
    return { ...loaded, run: async (inputs: readonly Values[]) => spoilAll(await loaded.run(inputs)) };
  }
}

const intact = (_name: string, values: Values): Values => values;
const checked = async (backend: Backend): Promise<SelfCheckReport> =>
  runSelfCheck(backend, await readGolden());
const wrongRows = ({ rows }: SelfCheckReport): string[] =>
  rows.filter(({ ok }) => !ok).map(({ what }) => what);

describe('self-check', () => {
  const backends = useBackends();

  test.each(backendNames)('passes on %s', async (name) => {
    const report = await checked(backends[name]);
    expect(wrongRows(report)).toEqual([]);
    expect(report.ok).toBe(true);
    expect(report.rows.map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        'logits',
        'attention of block 1',
        'attention gradient of block 0',
        'kernel: where',
      ]),
    );
    expect(selfCheckVerdict(report, 'This card')).toBe('This card computes correctly.');
    // The training step must not stay behind on the device.
    expect((await checked(backends[name])).ok).toBe(true);
  });

  test('gives back the memory that it took', async () => {
    const before = backends.webgpu.memory();
    await checked(backends.webgpu);
    expect(backends.webgpu.memory()).toEqual(before);
  });

  test('a driver that computes zero gradients is told so in words', async () => {
    const isGradient = (name: string): boolean => name.includes('grad');
    const report = await checked(
      new FaultyBackend((name, values) => (isGradient(name) ? values.map(() => 0) : values)),
    );
    expect(report.ok).toBe(false);
    expect(wrongRows(report)).toEqual(
      report.rows.map(({ what }) => what).filter((what) => what.includes('gradient')),
    );
    expect(selfCheckVerdict(report, 'This card')).toBe(
      'This card computes wrongly: attention gradient of block 0 is all zeros (error 1.0, allowed 2e-5), and ' +
        `${wrongRows(report).length - 1} more of ${report.rows.length} checks; do not trust explanations made on ` +
        'it: choose another with --adapter, or --device reference, or update the driver.',
    );
  });

  test('one gradient kernel that writes zeros is found', async () => {
    const report = await checked(
      new FaultyBackend(intact, (plan) => ({
        ...plan,
        steps: plan.steps.map((step) => {
          if (step.kind !== 'softmaxGradient') return step;
          const [y] = step.inputs; // no number is less than itself
          return { kind: 'map', function: 'less', inputs: [y, y], output: step.output };
        }),
      })),
    );
    const wrong = wrongRows(report);
    expect(wrong).toContain('attention gradient of block 0');
    expect(wrong).toContain("gradient of block 1's attention");
    expect(wrong).toContain('loss after a step of AdamW');
    for (const what of ['logits', 'attention of block 1', 'loss', 'gradient of the head']) {
      expect(wrong).not.toContain(what);
    }
    expect(report.rows.find(({ what }) => what === 'kernel: softmax of 197, gradient')?.note).toBe(
      'is all zeros',
    );
  });

  test('one small parameter without a gradient is not hidden by the others of its row', async () => {
    const spoilt = 'blocks.0.mlp.fc2.bias';
    const report = await checked(
      new FaultyBackend((name, values) => (name === `grad.${spoilt}` ? values.map(() => 0) : values)),
    );
    expect(wrongRows(report)).toEqual(["gradient of block 0's MLP"]);
    expect(selfCheckVerdict(report, 'x')).toContain(
      `gradient of block 0's MLP is all zeros in ${spoilt} (error 1.0, allowed 2e-5); do not trust`,
    );
  });

  test('NaN passes nowhere, not even one among many', async () => {
    const report = await checked(new FaultyBackend((_, values) => values.with(values.length - 1, NaN)));
    expect(report.rows.filter(({ ok }) => ok)).toEqual([]);
    expect(selfCheckVerdict(report, 'x')).toContain('logits is not a number (error NaN, allowed 2e-6)');
  });

  test('infinity passes nowhere', async () => {
    const report = await checked(new FaultyBackend((_, values) => values.with(0, Infinity)));
    expect(report.rows.filter(({ ok }) => ok)).toEqual([]);
  });

  test('attention that is off by 1e-3 is found', async () => {
    const report = await checked(
      new FaultyBackend((name, values) =>
        name.startsWith('attention.') ? values.map((value) => value + 1e-3) : values,
      ),
    );
    expect(wrongRows(report)).toEqual(['attention of block 0', 'attention of block 1']);
    expect(selfCheckVerdict(report, 'x')).toContain('attention of block 0 (error 1e-3, allowed 2e-6)');
  });

  test('one wrong element of a mask is found', async () => {
    const report = await checked(
      new FaultyBackend((name, values) =>
        name === 'largestMask of 38809, ties' ? values.with(5, 1 - values[5]) : values,
      ),
    );
    expect(wrongRows(report)).toEqual(['kernel: largestMask of 38809, ties']);
  });
});

describe('the table', () => {
  test('has aligned columns, WRONG to be seen, and no long line', () => {
    const report: SelfCheckReport = {
      ok: false,
      rows: [
        { what: 'logits', error: 2.345e-7, bound: 2e-6, ok: true },
        { what: 'kernel: where', error: 0, bound: 0, ok: true },
        {
          what: "gradient of block 0's attention",
          error: 1,
          bound: 2e-5,
          ok: false,
          note: 'is all zeros in blocks.0.attn.proj.weight',
        },
        { what: 'loss', error: NaN, bound: 1e-6, ok: false, note: 'is not a number' },
      ],
    };
    const lines = formatSelfCheck(report, 'Some Vendor Graphics 770 (Open-source driver 24.2.8)').split('\n');
    expect(lines).toEqual([
      'what                              error  allowed',
      'logits                           2.3e-7     2e-6  ok',
      'kernel: where                         0        0  ok',
      "gradient of block 0's attention     1.0     2e-5  WRONG: all zeros in blocks.0.attn.proj.weight",
      'loss                                NaN     1e-6  WRONG: not a number',
      '',
      "Some Vendor Graphics 770 (Open-source driver 24.2.8) computes wrongly: gradient of block 0's",
      'attention is all zeros in blocks.0.attn.proj.weight (error 1.0, allowed 2e-5), and 1 more of 4',
      'checks; do not trust explanations made on it: choose another with --adapter, or --device reference,',
      'or update the driver.',
    ]);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
  });
});

describe('golden data of the package', () => {
  const asset = fileURLToPath(new URL('../../weights/self-check/micro.safetensors', import.meta.url));
  const fixture = fileURLToPath(new URL('../fixtures/micro.safetensors', import.meta.url));

  test('is that of the tests', async () => {
    const { model, values } = await readGolden();
    const [packaged, expected] = [readSafetensors(asset), readSafetensors(fixture)];
    const parameters = [...model.namedParameters()].map(([name]) => name);
    const names = [
      ...['input', 'labels', 'logits', 'losses', 'input_grad'],
      ...['attention.0', 'attention.1', 'attention_grad.0', 'attention_grad.1'],
      ...parameters.flatMap((name) => [`init.${name}`, `grad.${name}`]),
    ];
    for (const name of names) {
      expect(packaged(name)).toEqual(expected(name));
      expect(Array.from(values(name))).toEqual(Array.from(expected(name).values));
    }
  });

  test('is refused in one sentence if missing, cut off or changed by one bit', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vitrine-self-check-'));
    try {
      const bytes = readFileSync(asset);
      const path = (name: string): string => join(folder, name);
      writeFileSync(path('cut'), bytes.subarray(0, 1000));
      writeFileSync(path('empty'), '');
      bytes[bytes.length - 1] ^= 1;
      writeFileSync(path('changed'), bytes);
      for (const name of ['absent', 'cut', 'empty', 'changed']) {
        const failure: unknown = await readGolden(path(name)).catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(WeightsError);
        expect(String(failure)).toMatch(/self-check's data at ".*" is .*damaged: install vitrine again\.$/);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
