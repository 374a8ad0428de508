import type { Backend } from '../../compiler/backend.js';
import { emptyRoom } from '../../evaluate/saliency.js';
import type { Evidence, Measure, Needs } from '../../evaluate/index.js';
import type { Subject } from '../explainer.js';
import type { EvaluatedMap, EvaluatedMethod, EvaluatedPicture, ExplainedObject } from './evaluated.js';
import { locatorOf, PictureEvidence } from './evidence.js';
import { alike, classesOf, comparisons } from './likenesses.js';
import { MapMaker } from './maps.js';
import { Removals } from './removals.js';

/** A model and methods that are measured on any number of pictures. */
export class Evaluation {
  readonly #maker: MapMaker;
  readonly #removals: Removals;
  readonly #needs: ReadonlySet<Needs>;
  /** Whether maps are looked at beside masks. */
  readonly #isLocated: boolean;
  readonly #room = emptyRoom();

  /** @param measures those alone that are asked for: nothing is computed that none of them needs */
  constructor(
    subject: Subject,
    private readonly backend: Backend,
    private readonly methods: readonly EvaluatedMethod[],
    private readonly measures: readonly Measure[],
  ) {
    this.#maker = new MapMaker(subject, backend, methods);
    this.#removals = new Removals(subject, backend);
    this.#needs = new Set(measures.map(({ needs }) => needs));
    this.#isLocated = this.#needs.has('masks') || this.#needs.has('objects');
  }

  /**
   * Every measure but those that compare with models of random weights.
   * @throws DeviceError if the device fails; the reason of an aborted signal
   */
  async measure(picture: EvaluatedPicture, signal?: AbortSignal): Promise<readonly EvaluatedMap[]> {
    const objects = await this.#maker.maps(picture, signal);
    const evidence = new PictureEvidence(objects);
    await this.#removals.add(evidence, picture, this.#needs, signal);
    for (const need of this.#needs) {
      const compare = comparisons[need];
      if (compare) evidence.addLikeness(await compare(this.#maker, picture, objects, signal));
    }
    const locate = this.#isLocated ? locatorOf(picture, this.#room) : () => undefined;
    return this.#read(objects, (object, name) => {
      const known = evidence.of(object, name);
      return { ...known, located: locate(objects[object].maps.get(name)!, object) };
    });
  }

  /**
   * Those that do.
   * @param subject the model, random in part or all
   */
  async besideRandom(subject: Subject, work: (besides: BesideRandom) => Promise<void>): Promise<void> {
    const maker = new MapMaker(subject, this.backend, this.methods);
    try {
      await work(async (picture, signal) => {
        const objects = await this.#maker.maps(picture, signal);
        const forgotten = await maker.maps({ ...picture, objects: classesOf(objects) }, signal);
        return this.#read(objects, (object, name) => ({
          map: objects[object].maps.get(name)!,
          likeness: { randomized: [alike(objects[object], forgotten[object], name)] },
        }));
      });
    } finally {
      await maker.dispose();
    }
  }

  /** Gives back the device memory of all programs. */
  async dispose(): Promise<void> {
    await Promise.all([this.#maker.dispose(), this.#removals.dispose()]);
  }

  /** Method by method, since one that explains no class has the same map for every object; told object by object. */
  #read(
    objects: readonly ExplainedObject[],
    evidence: (object: number, name: string) => Evidence,
  ): readonly EvaluatedMap[] {
    const [first] = objects;
    const found = [...first.maps.keys()].map((method) =>
      objects.map(({ class: index }, object) => {
        const known = evidence(object, method);
        const values = this.measures
          .map(({ name, of }) => [name, of(known)] as const)
          .filter((one): one is [string, number] => one[1] !== undefined);
        return { object, class: index, method, values: Object.fromEntries(values) };
      }),
    );
    return objects.flatMap((_, object) => found.map((own) => own[object]));
  }
}

/** Measures a picture beside a model of random weights. */
export type BesideRandom = (
  picture: EvaluatedPicture,
  signal?: AbortSignal,
) => Promise<readonly EvaluatedMap[]>;
