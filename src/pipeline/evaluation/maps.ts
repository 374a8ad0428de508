import type { Backend } from '../../compiler/backend.js';
import { classOfRank, type ClassTarget, type Score } from '../../explain/index.js';
import { waysOf } from '../chosen-methods.js';
import { Explainer, type ExplainedPicture, type ReadyPicture, type Subject } from '../explainer.js';
import {
  baselinesOf,
  type EvaluatedMethod,
  type EvaluatedPicture,
  type ExplainedObject,
  type PlacedMap,
} from './evaluated.js';
import { Once } from './once.js';

/** Objects that share a forward pass: a program for each number of them would be many. */
const TOGETHER = 2;

/** Makes the maps of all methods and baselines. Programs are compiled when they are first needed. */
export class MapMaker {
  readonly #explainers = new Once<Explainer>();
  /** The forms that pictures are ready in. */
  readonly #ways: ReturnType<typeof waysOf>;

  constructor(
    readonly subject: Subject,
    private readonly backend: Backend,
    private readonly methods: readonly EvaluatedMethod[],
  ) {
    this.#ways = waysOf(methods.map(({ chosen }) => chosen));
  }

  /** For each object all maps, in the order of the methods, baselines last. */
  async maps(
    { ready, objects, seed }: EvaluatedPicture,
    signal?: AbortSignal,
  ): Promise<readonly ExplainedObject[]> {
    const found = objects.map(() => ({ class: -1, maps: new Map<string, PlacedMap>() }));
    for (const score of this.#scores) {
      const own = this.methods.filter((method) => method.score === score);
      for (let first = 0; first < objects.length; first += TOGETHER) {
        const targets = objects.slice(first, first + TOGETHER).map(targetOf);
        const { logits, maps } = await this.#explain(score, ready, targets, signal);
        targets.forEach((target, i) => {
          found[first + i].class = target.kind === 'class' ? target.index : classOfRank(logits, 0);
        });
        let next = 0;
        for (const { name, chosen } of own) {
          const isOfClass = chosen.method.of === 'class';
          targets.forEach((_, i) => {
            found[first + i].maps.set(name, maps[isOfClass ? next + i : next]);
          });
          next += isOfClass ? targets.length : 1;
        }
      }
    }
    return found.map(({ class: index, maps }, object) => ({
      class: index,
      maps: new Map([
        ...this.methods.map(({ name }) => [name, maps.get(name)!] as const),
        ...baselinesOf(this.subject.model.geometry.grid, 2 * seed + object),
      ]),
    }));
  }

  /** The most probable class that is not the given one. */
  async otherClass(ready: ReadyPicture, index: number, signal?: AbortSignal): Promise<number> {
    const { logits } = await this.#explain(this.#scores[0], ready, [{ kind: 'class', index }], signal);
    const first = classOfRank(logits, 0);
    return first === index ? classOfRank(logits, 1) : first;
  }

  async dispose(): Promise<void> {
    for (const explainer of await this.#explainers.all()) explainer.dispose();
  }

  get #scores(): readonly Score[] {
    return [...new Set(this.methods.map(({ score }) => score))];
  }

  async #explain(
    score: Score,
    ready: ReadyPicture,
    targets: readonly ClassTarget[],
    signal: AbortSignal | undefined,
  ): Promise<ExplainedPicture> {
    const methods = this.methods.filter((method) => method.score === score).map(({ chosen }) => chosen);
    const explainer = await this.#explainers.get(`${score} ${targets.length}`, () =>
      Explainer.create(this.subject, this.backend, { methods, targets: targets.length, score }),
    );
    const forms = waysOf(methods).map((way) => ready[this.#ways.indexOf(way)]);
    const explainsClass = methods.some(({ method }) => method.of === 'class');
    const [result] = await explainer.explain([forms], [explainsClass ? targets : []], { signal });
    return result;
  }
}

function targetOf({ class: index }: EvaluatedPicture['objects'][number]) {
  return index === undefined ? ({ kind: 'rank', rank: 0 } as const) : ({ kind: 'class', index } as const);
}
