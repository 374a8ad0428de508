import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import { affinity } from '../../src/explain/affinity.js';
import * as v from '../../src/index.js';
import { backendNames, useBackends, type BackendName } from '../support/backends.js';
import { difference } from '../support/compare.js';
import { goldenMapsOf, goldenRuns, goldenTolerance, isFull } from '../support/methods-golden.js';
import { deitTiny } from '../support/models.js';
import { describeWithReference } from '../support/reference.js';
import { readSafetensors } from '../support/safetensors.js';

/*
 * Maps from gradients under several backward rules, against PyTorch in float64. On WebGPU 5e-4 of a map's largest magnitude is
 * allowed.
 */

/** On an adapter of software a map of each kind must do: not of every block, nor of both scores. */
const isTried = (name: string, backend: BackendName): boolean =>
  isFull || backend !== 'webgpu' || !/block([1-79]|1\d)\b|logprob/.test(name);

/** Maps under the rules that the pass is under, by what follows the rules' name in the golden files. */
function evidence(pass: v.Explained): Record<string, v.Tensor> {
  const blocks = pass.layers.flatMap((_, block) => [
    [`ixg.block${block}`, v.ixg.map(pass, { block })],
    [`handoff.block${block}`, v.handoff.map(pass, { layers: [block, block] })],
  ]);
  return {
    ...(Object.fromEntries(blocks) as Record<string, v.Tensor>),
    handoff: v.handoff.map(pass),
    skip: v.skipplus.map(pass, { biases: 'without' }),
    skipplus: v.skipplus.map(pass),
    fullgrad: v.fullgrad.map(pass),
    'fullgrad-plus': v.fullgradPlus.map(pass),
    'fullgrad-plus-nobias': v.fullgradPlus.map(pass, { biases: 'without' }),
    attcat: v.attcat.map(pass),
    chefer: v.cheferIccv21.map(pass),
    signed: v.gradientRollout.map(pass, { variant: 'signed' }),
    gradrollout: v.gradientRollout.map(pass),
    tokentm: v.tokentm.map(pass),
  };
}

/** All maps of the golden files that are built, without the class in their names. */
function maps(plain: v.Explained): Record<string, v.Tensor> {
  const named: Record<string, v.Tensor> = {};
  for (const [tag, pass] of [
    ['', plain],
    ['.logprob', plain.ofLogProbability()],
  ] as const) {
    for (const [name, map] of Object.entries(evidence(pass.under(v.libra))))
      named[`libra-${name}${tag}`] = map;
    for (const method of [v.attcat, v.tokentm]) named[`${method.name}${tag}`] = method.map(pass);
  }
  return {
    ...named,
    legrad: v.legrad.map(plain),
    'legrad-unscaled': v.legrad.map(plain, { scaling: 'none' }),
    recommended: v.recommended.map(plain),
    'recommended.spread': v.recommended.map(plain, { form: 'spread' }),
  };
}

function oneHot(index: number): Float32Array {
  const seed = new Float32Array(1000);
  seed[index] = 1;
  return seed;
}

const PATIENCE = 1_200_000;

describeWithReference('evidence of DeiT-tiny under backward rules', (folder) => {
  const backends = useBackends();

  test.each(backendNames.map((name) => [name, goldenRuns(name).length] as const))(
    'every map, and the affinity of patches, on %s, of %d of 11 explanations',
    async (backend) => {
      const pass = v.forwardPass(deitTiny(folder), v.input('image', [1, 3, 224, 224]));
      const all = maps(v.explained(pass, v.input('seed', [1, 1000])));
      const wanted = Object.fromEntries(Object.entries(all).filter(([name]) => isTried(name, backend)));
      const program = await v.compile({ ...wanted, affinity: affinity(pass) }, backends[backend]);
      const tolerance = goldenTolerance(folder);
      const off: string[] = [];
      const allowed = (name: string): number => (backend === 'webgpu' ? 5e-4 : tolerance(name));
      const check = (name: string, actual: v.Values, expected: ArrayLike<number>, allowed: number): void => {
        const scale = Math.max(...Array.from(expected, Math.abs));
        const share = difference(actual, expected).absolute / scale;
        if (!(share <= allowed)) off.push(`${name}: ${share} of ${allowed}`);
      };
      for (const [picture, index] of goldenRuns(backend)) {
        const golden = readSafetensors(goldenMapsOf(folder, picture));
        const image = readSafetensors(join(folder, 'golden', `${picture}.safetensors`))('input');
        const found: Record<string, v.Values> = await program.run({
          image: image.values as Float32Array,
          seed: oneHot(index),
        });
        for (const name of Object.keys(wanted)) {
          const key = `${name}.${index}`;
          check(`${key} of ${picture}`, found[name], golden(key).values, allowed(name));
        }
        for (const row of [0, 97]) {
          const own = found['affinity'].subarray(row * 196, (row + 1) * 196);
          check(`affinity of ${picture}`, own, golden(`affinity.row${row}`).values, allowed('affinity'));
        }
      }
      expect(off).toEqual([]);
      program.dispose();
    },
    PATIENCE,
  );
});
