import {
  centreGaussianBaseline,
  demoModel,
  discrimination,
  Explainer,
  mostProbable,
  pointsAt,
  randomBaseline,
  saliency,
  sceneLabels,
  uniformBaseline,
  UsageError,
  type PatchMap,
  type ReadyPicture,
} from 'vitrine';
import { makeScene, type Scene, type SpriteVendor } from 'vitrine/train';
import { loadModel, openBackend, readSprites, type DeviceName } from 'vitrine/node';
import { measuredMethods } from './maps.js';
import { packages } from './packages.js';

const BATCH = 20;
/** Of the test's scenes; the training counts its own from another seed. */
const SEED = 20_000;

interface Measured {
  readonly scene: Scene;
  /** Class indices, most probable first. */
  readonly ranking: readonly number[];
  /** For each of the scene's objects, all maps that explain its class. */
  readonly maps: readonly ReadonlyMap<string, PatchMap>[];
}

/**
 * Measures the model on scenes of a vendor's drawings, and its explanations with them, and prints tables.
 * @param weights a checkpoint, instead of the model that ships
 * @param images scenes with one object, and as many with two
 * @throws UsageError, WeightsError, DeviceError
 */
export async function evaluate(
  weights: string | undefined,
  vendor: SpriteVendor,
  images: number,
  device: DeviceName,
): Promise<void> {
  if (images < BATCH || images % BATCH !== 0) {
    throw new UsageError(`--images is ${images}; give a multiple of ${BATCH}.`);
  }
  const { model, preprocessing } = await loadModel({ name: demoModel.name, weights });
  const [size] = model.config.imageSize;
  const sprites = await readSprites(packages, [vendor], size);
  const { backend } = await openBackend(device);
  try {
    const methods = measuredMethods(model.config);
    const explainer = await Explainer.create({ model, preprocessing }, backend, {
      methods,
      batch: BATCH,
      ranks: 0,
    });
    const measure = async (objects: number): Promise<Measured[]> => {
      const measured: Measured[] = [];
      for (let first = 0; first < images; first += BATCH) {
        const scenes = Array.from({ length: BATCH }, (_, i) =>
          makeScene(sprites, SEED + objects, first + i, size, { count: objects }),
        );
        const pictures = scenes.map(({ picture }) => explainer.makeReady(picture));
        const titles = methods.map(({ title }) => title);
        measured.push(...(await measureBatch(explainer, titles, scenes, pictures, first)));
      }
      return measured;
    };
    report(vendor, backend.adapter, await measure(1), await measure(2), size);
  } finally {
    backend.destroy();
  }
}

async function measureBatch(
  explainer: Explainer,
  titles: readonly string[],
  scenes: readonly Scene[],
  pictures: readonly ReadyPicture[],
  first: number,
): Promise<Measured[]> {
  const objects = scenes[0].objects.length;
  const explained: ReadonlyMap<string, PatchMap>[][] = scenes.map(() => []);
  let rankings: number[][] = [];
  for (let object = 0; object < objects; object++) {
    const targets = scenes.map((scene) => {
      return [{ kind: 'class', index: scene.objects[object].classIndex } as const];
    });
    const results = await explainer.explain(pictures, targets);
    rankings = results.map(({ logits }) =>
      mostProbable(logits, sceneLabels, sceneLabels.length).map(({ index }) => index),
    );
    results.forEach(({ maps }, i) => {
      const [{ grid }] = maps;
      const named = new Map<string, PatchMap>(maps.map((map, method) => [titles[method], map]));
      named.set('centre Gaussian', centreGaussianBaseline(grid));
      named.set('uniform', uniformBaseline(grid));
      named.set('random', randomBaseline(grid, 2 * (first + i) + object));
      explained[i].push(named);
    });
  }
  return scenes.map((scene, i) => ({ scene, ranking: rankings[i], maps: explained[i] }));
}

function report(
  vendor: SpriteVendor,
  adapter: string,
  single: readonly Measured[],
  double: readonly Measured[],
  size: number,
): void {
  const top = single.map(({ scene, ranking }) => Number(ranking[0] === scene.objects[0].classIndex));
  const both = double.map(({ scene, ranking }) =>
    Number(scene.objects.every(({ classIndex }) => ranking.slice(0, 3).includes(classIndex))),
  );
  console.log(
    `Drawings of "${vendor}"; ${single.length} scenes with one object, ${double.length} with two; ${adapter}\n`,
  );
  console.log(`one object, most probable class right:      ${share(top)}`);
  console.log(`two objects, both among the three first:    ${share(both)}\n`);

  console.log('| map | discrimination (two objects) | pointing (one object) | pointing (two objects) |');
  console.log('| --- | --- | --- | --- |');
  for (const name of single[0].maps[0].keys()) {
    const told = perObject(double, ({ scene, maps }, object) =>
      discrimination(
        saliency(maps[object].get(name)!, { width: size, height: size }),
        scene.objects[object].mask,
        scene.objects[1 - object].mask,
      ),
    );
    const hits = (measured: readonly Measured[]): number[] =>
      perObject(measured, ({ scene, maps }, object) => {
        const hit = pointsAt(
          saliency(maps[object].get(name)!, { width: size, height: size }),
          scene.objects[object].mask,
        );
        return hit === undefined ? undefined : Number(hit);
      });
    console.log(`| ${name} | ${meanOf(told)} | ${meanOf(hits(single))} | ${meanOf(hits(double))} |`);
  }

  console.log('\nof each class, one object right: ');
  const ofClass = sceneLabels.map((label, index) => {
    const own = top.filter((_, i) => single[i].scene.objects[0].classIndex === index);
    return `${label} ${own.length === 0 ? '-' : `${((100 * sum(own)) / own.length).toFixed(0)} %`}`;
  });
  console.log(ofClass.join(', '));
}

function perObject(
  measured: readonly Measured[],
  value: (measured: Measured, object: number) => number | undefined,
): number[] {
  return measured
    .flatMap((each) => each.maps.map((_, object) => value(each, object)))
    .filter((each) => each !== undefined);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The mean and its standard error. */
function meanOf(values: readonly number[]): string {
  const average = sum(values) / values.length;
  const variance = sum(values.map((value) => (value - average) ** 2)) / values.length;
  return `${average.toFixed(3)} ± ${Math.sqrt(variance / values.length).toFixed(3)}`;
}

function share(hits: readonly number[]): string {
  return `${((100 * sum(hits)) / hits.length).toFixed(1)} % of ${hits.length}`;
}
