import { afterAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExplanationDocument } from '../../src/index.js';
import { makeModelFolder } from '../support/model-folder.js';
import { packageFolder, refusalOf, vitrine } from './command.js';

const cwd = mkdtempSync(join(tmpdir(), 'vitrine-measure-'));
afterAll(() => {
  rmSync(cwd, { recursive: true });
});

const picture = join(packageFolder, 'examples', 'scene.png');
const common = ['explain', picture, '--model', 'vit_scenes_patch8_72', '--device', 'native', '--measure'];
const methods = ['--method', 'recommended,rollout', '--class', 'dog,cat'];

describe('explain --measure', () => {
  test('tells of each map what becomes of its class, in a sentence and in figures', async () => {
    const { status, stdout, stderr } = await vitrine([...common, ...methods], { cwd });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const sentences = stdout.match(
      /^ {4}taking away the warmest tenth .* the probability of (dog|cat) .* %; a random tenth .* %$/gm,
    );
    expect(sentences).toHaveLength(3);
    const figures = stdout.match(
      /^ {4}(srg -?\d+\.\d{2} \(higher|deletion 0\.\d{3} \(lower|insertion 0\.\d{3} \(higher) is better; random -?\d+\.\d+, uniform -?\d+\.\d+\)$/gm,
    );
    expect(figures).toHaveLength(9);
  });

  test('the document has them all; without --measure it has none', async () => {
    const { stdout } = await vitrine([...common, ...methods, '--json'], { cwd });
    const { explanations } = JSON.parse(stdout) as ExplanationDocument;
    for (const { measures } of explanations) {
      for (const name of ['srg', 'deletion', 'insertion', 'abpc']) {
        const known: unknown[] = [measures?.scores[name], measures?.random[name], measures?.uniform[name]];
        expect(known.every(Number.isFinite)).toBe(true);
      }
      expect(measures?.uniform['srg']).toBe(0);
      const { whole, warmest, random } = measures!.tenth;
      for (const probability of [whole, warmest, random])
        expect(Math.abs(probability - 0.5)).toBeLessThanOrEqual(0.5);
    }
    // The scene shows both, and what is warm for the dog is what makes it one.
    const [dog] = explanations;
    expect(dog.measures?.scores['srg']).toBeGreaterThan(dog.measures!.random['srg']);
    expect(dog.measures?.tenth.warmest).toBeLessThan(dog.measures!.tenth.whole);
    const plain = await vitrine([...common.slice(0, -1), ...methods, '--json'], { cwd });
    expect(plain.stdout).not.toContain('"measures"');
  });

  test('of a model without classes it is refused, and so is evaluate', async () => {
    const model = await makeModelFolder(join(cwd, 'dino'), 'dino_nohead');
    const asked = ['--model', model, '--device', 'native'];
    expect(refusalOf(await vitrine(['explain', picture, ...asked, '--measure'], { cwd }))).toBe(
      '--measure reads how probable a class stays, and this model has no classes; leave it out.',
    );
    expect(
      refusalOf(await vitrine(['evaluate', '--data', join(packageFolder, 'examples'), ...asked], { cwd })),
    ).toBe('evaluate measures explanations of classes, and this model has none; choose one that has.');
  });
});
