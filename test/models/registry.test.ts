import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from '../../src/index.js';
import { completed } from '../../src/models/vision-transformer-config.js';
import { packageFolder } from '../cli/command.js';
import { describeWithReference } from '../support/reference.js';
import { digestOf, readTimmFacts, type Facts, type NamedShape } from '../support/timm-facts.js';

/** timm's own parameters and checkpoints of each architecture, as digests: what a table of ours must come to. */
const fixture = join(packageFolder, 'test', 'fixtures', 'timm-registry.txt');
const expected = new Map(
  readFileSync(fixture, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([name, classes, parameters, checkpoints]) => [
      name,
      { classes: Number(classes), parameters, checkpoints },
    ]),
);

/** What numbers say of a model, but no parameter. */
function traitsOf(config: v.VisionTransformerConfig): unknown {
  const { heads, layerNormEpsilon, mlp, pooling, finalNorm, registers, prefixPositions, poolPrefix, norm } =
    completed(config);
  return [heads, layerNormEpsilon, mlp, pooling, finalNorm, registers, prefixPositions, poolPrefix, norm];
}

const mlps: Readonly<Record<string, string>> = {
  'Mlp GELU': 'gelu',
  'Mlp GELUTanh': 'gelu-tanh',
  'Mlp QuickGELU': 'quick-gelu',
  'GluMlp SiLU': 'swiglu',
  'SwiGLU SiLU': 'swiglu-split',
};
const norms: Readonly<Record<string, string>> = {
  norm: 'before-pooling',
  fc_norm: 'after-pooling',
  none: 'none',
};

/** The same as timm has it. */
function traitsOfFacts(facts: Facts): unknown {
  return [
    Number(facts['heads']),
    Number(facts['norm_eps']),
    mlps[`${facts['mlp']} ${facts['activation']}`],
    facts['pool'],
    norms[facts['final_norm']],
    Number(facts['reg_tokens']),
    facts['no_embed_class'] === '0',
    false,
    facts['norm'] === 'RmsNorm' ? 'rms' : 'layer',
  ];
}

const architectureOf = (name: string): string => name.split('.', 1)[0];

function parametersOf(config: v.VisionTransformerConfig): NamedShape[] {
  return [...new v.VisionTransformer(config).namedParameters()].map(([name, { shape }]) => [name, shape]);
}

/** What is compared of a checkpoint. */
function checkpointOf(name: string): unknown {
  const { tag, config, preprocessing, hub, licence } = v.findModel(name);
  return [
    `${architectureOf(name)}.${tag}`,
    hub?.repo,
    config.classes,
    v.parameterCount(config),
    licence,
    config.imageSize,
    preprocessing.fit === 'crop' ? preprocessing.shortSide : preprocessing.fit,
    preprocessing.mean,
    preprocessing.std,
    preprocessing.interpolation,
  ];
}

/** The same as timm has it. */
function checkpointOfFacts(facts: Facts): unknown {
  const { name, hub, num_classes: classes, parameters, license, input } = facts;
  const size = Number(input.split('x')[1]);
  // DeiT-tiny sees what its authors measured it with, where timm has 0.9.
  const share = name === 'deit_tiny_patch16_224.fb_in1k' ? 0.875 : Number(facts['crop_pct']);
  return [
    name,
    hub,
    Number(classes),
    Number(parameters),
    license,
    size,
    facts['crop_mode'] === 'squash' ? 'squash' : Math.floor(size / share),
    facts['mean'].split(',').map(Number),
    facts['std'].split(',').map(Number),
    facts['interpolation'],
  ];
}

function checkpointsOf(architecture: string): string[] {
  return v.modelNames().filter((name) => architectureOf(name) === architecture);
}

describe('the architectures', () => {
  test('are those of timm', () => {
    expect(v.architectureNames()).toEqual([...expected.keys()]);
  });

  test.each([...expected])("%s has timm's parameters, in timm's order, and its checkpoints", (name, timm) => {
    const config = v.architectureConfig(name, timm.classes);
    expect(digestOf([traitsOf(config), parametersOf(config)])).toBe(timm.parameters);
    expect(digestOf(checkpointsOf(name).map(checkpointOf))).toBe(timm.checkpoints);
  });

  test('are changed by arguments as timm changes them', () => {
    const changed = { ...v.architectureArguments('vit_giant_patch14_reg4_dinov2'), depth: 2 };
    expect(changed).toMatchObject({ embed_dim: 1536, reg_tokens: 4, mlp_layer: 'SwiGLUPacked', depth: 2 });
    expect(() => v.architectureArguments('vit_bass_patch16_224')).toThrow(
      'There is no architecture "vit_bass_patch16_224"; did you mean vit_base_patch16_224,',
    );
  });
});

describeWithReference("the registry against timm's own facts", (folder) => {
  const { checkpoints, parametersOf: ofTimm } = readTimmFacts(folder);
  const size = ({ input }: Facts): number => Number(input.split('x')[1]);
  const isSupported = (facts: Facts): boolean =>
    facts['plain'] === '1' && size(facts) % Number(facts['patch']) === 0;
  const supported = checkpoints.filter(isSupported);

  test.each(supported.map((facts) => [facts['name'], facts] as const))('%s', (name, facts) => {
    const architecture = architectureOf(name);
    const parameters = ofTimm(architecture);
    const classes = parameters.find(([parameter]) => parameter === 'head.weight')?.[1][0] ?? 0;
    const config = v.architectureConfig(architecture, classes);
    expect(parametersOf(config)).toEqual(parameters);
    expect(traitsOf(config)).toEqual(traitsOfFacts(facts));
    if (facts['weights'] === 'yes' && facts['hub'] !== '') {
      const entry = v.findModel(name);
      expect(entry.name).toBe(facts['default_tag'] === '1' ? architecture : name);
      expect(v.findModel(entry.name)).toEqual(entry);
      expect(checkpointOf(entry.name)).toEqual(checkpointOfFacts(facts));
    } else {
      expect(() => v.findModel(name)).toThrow(architecture);
    }
  });

  test.each(checkpoints.filter((facts) => !isSupported(facts)).map(({ name }) => name))(
    '%s is refused by name, with the reason',
    (name) => {
      for (const asked of [name, architectureOf(name)]) {
        expect(() => v.findModel(asked)).toThrow(/^The model "[^"]+" [^"]+, which is not supported; /);
      }
    },
  );

  test('the digests are made of them', () => {
    const lines = [...new Set(supported.map(({ name }) => architectureOf(name)))].map((architecture) => {
      const parameters = ofTimm(architecture);
      const classes = parameters.find(([name]) => name === 'head.weight')?.[1][0] ?? 0;
      const own = supported.filter(({ name }) => architectureOf(name) === architecture);
      const published = own
        .filter(({ weights, hub }) => weights === 'yes' && hub !== '')
        .sort((a, b) => Number(b['default_tag']) - Number(a['default_tag']))
        .map(checkpointOfFacts);
      return [architecture, classes, digestOf([traitsOfFacts(own[0]), parameters]), digestOf(published)].join(
        ' ',
      );
    });
    expect(readFileSync(fixture, 'utf8')).toBe(`${lines.join('\n')}\n`);
  });
});
