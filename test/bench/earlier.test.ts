import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  compareFigures,
  otherModelInWords,
  parseReport,
  readReport,
  sameMachineInWords,
} from '../../bench/earlier.js';
import { makeReport } from '../../bench/report.js';

const report = makeReport(['C++, avx2, 2 threads'], [{ name: 'forward', unit: 'ms', value: 10 }], {});
const earlier = parseReport(JSON.stringify(report), 'run.json');

describe('an earlier run', () => {
  test('is read as it was written', () => {
    expect({ ...report, model: 'deit_tiny_patch16_224' }).toMatchObject(earlier);
    expect(earlier.figures).toEqual(report.figures);
  });

  test.each(['', '{', 'null', '[]', '{}', '{"date":"d","machine":{},"figures":[null]}', '{"figures":[]}'])(
    '%j is refused',
    (text) => {
      expect(() => parseReport(text, 'run.json')).toThrow('"run.json" is not what');
    },
  );

  test('that is not there is a sentence', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vitrine-bench-test-'));
    await expect(readReport(join(folder, 'none.json'))).rejects.toThrow(
      /^--compare cannot read ".*none\.json": .*\.$/,
    );
    await expect(readReport(folder)).rejects.toThrow('--compare cannot read');
    await rm(folder, { recursive: true });
  });

  test('is compared by name and unit', () => {
    const now = [
      { name: 'forward', unit: 'ms', value: 5 },
      { name: 'backward', unit: 'ms', value: 5 },
    ];
    expect(compareFigures(report.figures, now)).toEqual([
      { name: 'forward', unit: 'ms', earlier: 10, value: 5, ratio: 0.5 },
    ]);
    expect(compareFigures(report.figures, [{ name: 'forward', unit: 'MiB', value: 5 }])).toEqual([]);
  });

  test('of another model is called so', () => {
    const [tiny, base] = ['deit_tiny_patch16_224', 'vit_base_patch16_224'].map((model) => {
      return makeReport([], [], {}, model);
    });
    const read = (text: string): typeof earlier => parseReport(text, 'run.json');
    expect(otherModelInWords(read(JSON.stringify(base)), base)).toBeUndefined();
    expect(otherModelInWords(read(JSON.stringify(tiny)), base)).toContain(
      'deit_tiny_patch16_224 then, vit_base_patch16_224 now',
    );
    // Before a model could be chosen, a run did not say which it was.
    expect(otherModelInWords(earlier, tiny)).toBeUndefined();
    expect(otherModelInWords(earlier, base)).toContain('deit_tiny_patch16_224 then');
    // A single kernel is no model's.
    expect(otherModelInWords(read(JSON.stringify(base)), report)).toBeUndefined();
  });

  test('of another machine is called so', () => {
    expect(sameMachineInWords(earlier, report)).toMatch(/^the same machine/);
    const other = { ...earlier, machine: { ...earlier.machine, cpu: 'Z80' } };
    expect(sameMachineInWords(other, report)).toMatch(/^not the same machine \(Z80 then, .* now\)/);
    const adapters = ['SwiftShader'];
    expect(sameMachineInWords(earlier, { ...report, adapters })).toContain('SwiftShader now');
  });
});
