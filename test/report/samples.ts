import {
  findMethod,
  imagenetPreprocessing,
  preprocess,
  schemaVersion,
  type ComputedMap,
  type ExplanationDocument,
  type Geometry,
  type Picture,
} from '../../src/index.js';

/*
 * What no chance is in, so that it is drawn the same at each run.
 */

/** Something like a photograph: colours that change slowly, and a disc with an edge. */
export function photograph(width: number, height: number): Picture {
  const data = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [across, down] = [x / width, y / height];
      const isDisc = (across - 0.6) ** 2 + ((down - 0.4) * (height / width)) ** 2 < 0.03;
      const colour = isDisc ? [230, 120, 40] : [60 + 120 * across, 90 + 100 * down, 160 - 90 * across * down];
      data.set(colour, 3 * (y * width + x));
    }
  }
  return { width, height, data };
}

export const grid = [14, 14] as const;

/** Heat at a patch and less around it. */
export function heatAt(row: number, column: number, sharpness = 0.15): Float32Array {
  return Float32Array.from({ length: grid[0] * grid[1] }, (_, i) => {
    const [down, across] = [Math.floor(i / grid[1]) - row, (i % grid[1]) - column];
    return 0.002 + 0.03 * Math.exp(-sharpness * (down ** 2 + across ** 2));
  });
}

export const geometryOf = (picture: Picture): Geometry => preprocess(picture, imagenetPreprocessing).geometry;

/** A map of a method by name, with evidence for and against if it is of a class. */
export function mapOf(name: string, picture: Picture, values: Float32Array, index?: number): ComputedMap {
  return {
    method: findMethod(name),
    options:
      name === 'rollout' ? { headFusion: 'mean', discardRatio: 0, layers: [0, 11] } : { form: 'evidence' },
    values,
    grid,
    geometry: geometryOf(picture),
    target: index === undefined ? undefined : { kind: 'class', index },
    score: index === undefined ? undefined : 'log-probability',
  };
}

const labels = ['tabby', 'tiger cat', 'Egyptian cat', 'größter Ærø-Žralok', 'чайник, 茶'];
const probabilities = [0.4321, 0.25, 0.1, 0.004, 0.0001];

/** What is told of three maps of the picture: rollout, and why the first two classes. */
export function documentOfThree(picture: Picture): ExplanationDocument {
  const { width, height } = picture;
  const shared = { grid, values: [] };
  const options = { form: 'evidence' };
  return {
    schema: schemaVersion,
    image: { width, height, note: 'this is a note of the picture' },
    model: { name: 'deit_tiny_patch16_224', weights: '/w', sha256: '0' },
    device: { backend: 'reference', adapter: 'TypeScript, float64' },
    predictions: labels.map((label, index) => ({
      index,
      label,
      logit: 9 - index,
      probability: probabilities[index],
    })),
    explanations: [
      {
        ...shared,
        method: 'rollout',
        class: null,
        options: { headFusion: 'mean', discardRatio: 0, layers: [0, 11] },
      },
      { ...shared, method: 'recommended', class: 0, label: 'tabby', target: 'log-probability', options },
      { ...shared, method: 'recommended', class: 1, label: 'tiger cat', target: 'log-probability', options },
    ],
    timings: { load_ms: 1, compile_ms: 1, run_ms: 1, total_ms: 3 },
  };
}

export function threeMaps(picture: Picture): readonly ComputedMap[] {
  const difference = heatAt(4, 9).map((value, i) => value - heatAt(10, 3)[i]);
  return [
    mapOf('rollout', picture, heatAt(5, 8)),
    mapOf('recommended', picture, difference, 0),
    mapOf(
      'recommended',
      picture,
      difference.map((value) => -value / 1000),
      1,
    ),
  ];
}
