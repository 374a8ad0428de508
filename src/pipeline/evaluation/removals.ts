import type { Backend } from '../../compiler/backend.js';
import { curvesOf, pixelStates, readClass, RemovalPlan, type Needs } from '../../evaluate/index.js';
import type { Preprocessed } from '../../image/index.js';
import type { Subject } from '../explainer.js';
import { Remover, type Removed } from '../remover.js';
import { formOf, type EvaluatedPicture, type PlacedMap } from './evaluated.js';
import type { PictureEvidence } from './evidence.js';
import { Once } from './once.js';

/** States of a picture that one run looks at. */
const STATES = 14;

/** Finds out what becomes of classes when parts of a picture are taken away. */
export class Removals {
  readonly #removers = new Once<Remover>();

  constructor(
    private readonly subject: Subject,
    private readonly backend: Backend,
  ) {}

  async add(
    evidence: PictureEvidence,
    { ready }: EvaluatedPicture,
    needs: ReadonlySet<Needs>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    for (const [number, form] of ready.entries()) {
      const maps = [...evidence.each()].filter(([, , map]) => formOf(map, ready) === number);
      if (needs.has('patches')) await this.#addPatches(evidence, maps, form, signal);
      // What is black before normalisation is known of the model's own way of making pictures ready, which is the first.
      if (needs.has('pixels') && number === 0) await this.#addPixels(evidence, maps, form, signal);
    }
  }

  async dispose(): Promise<void> {
    for (const remover of await this.#removers.all()) remover.dispose();
  }

  /** For all maps of a form of the picture one list of states, each looked at once. */
  async #addPatches(
    evidence: PictureEvidence,
    maps: readonly Entry[],
    form: Preprocessed,
    signal?: AbortSignal,
  ) {
    const plan = new RemovalPlan();
    const steps = maps.map(([, , map]) => plan.add(map));
    const logits = await (await this.#remover('patches')).run(form.values, plan.states, signal);
    maps.forEach(([object, name], i) => {
      const { class: index } = evidence.objects[object];
      const readings = logits.map((one) => readClass(one, { index }));
      evidence.add(object, name, { patches: curvesOf(steps[i], readings) });
    });
  }

  async #addPixels(
    evidence: PictureEvidence,
    maps: readonly Entry[],
    form: Preprocessed,
    signal?: AbortSignal,
  ) {
    const remover = await this.#remover('pixels');
    for (const [object, name, map] of maps) {
      const { class: index } = evidence.objects[object];
      const { mostFirst, leastFirst } = pixelStates(map, form.geometry.crop);
      const logits = await remover.run(form.values, [...mostFirst, ...leastFirst], signal);
      const readings = logits.map((one) => readClass(one, { index }));
      evidence.add(object, name, {
        pixels: {
          mostFirst: readings.slice(0, mostFirst.length),
          leastFirst: readings.slice(mostFirst.length),
        },
      });
    }
  }

  #remover(removed: Removed): Promise<Remover> {
    return this.#removers.get(removed, () =>
      Remover.create(this.subject, this.backend, { removed, batch: STATES }),
    );
  }
}

type Entry = readonly [object: number, name: string, map: PlacedMap];
