import { expect } from '@jest/globals';
import * as v from '../../src/index.js';
import { encodePng, loadModel, type LoadedModel } from '../../src/node/index.js';
import { expectClose } from '../support/compare.js';

/** A picture whose every pixel is known, of odd proportions so that something is cut off, without profile or transparency. */
export function knownPicture(width = 173, height = 131): v.Picture {
  const random = new v.Random(3);
  const data = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inside = Math.hypot(x - 100, y - 60) < 38;
      const noise = 20 * random.uniform(0, 1);
      data.set(
        inside ? [200 + noise, 120 + noise, 40] : [60 + x / 2, 90 + y / 2 + noise, 180],
        3 * (y * width + x),
      );
    }
  }
  return { width, height, data };
}

export function pngOf(picture: v.Picture): Buffer {
  return Buffer.from(encodePng(picture));
}

/** The model that ships, for what is expected of the page. */
export function shippedModel(): Promise<LoadedModel> {
  return loadModel({ name: v.demoModel.name });
}

export interface Question {
  readonly method: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly target?: v.ClassTarget;
  readonly score?: v.Score;
  /** Heads that are knocked out, as parts. */
  readonly without?: readonly number[];
}

const known = new Map<string, Promise<v.ExplainedPicture>>();

/** What `reference` says in Node, in float64, which takes its time: once for all browsers. */
export function expectedOf(
  loaded: LoadedModel,
  picture: v.Picture,
  question: Question,
): Promise<v.ExplainedPicture> {
  const key = JSON.stringify([
    loaded.name,
    loaded.model.config,
    picture.width,
    picture.data.slice(0, 300),
    question,
  ]);
  const found = known.get(key) ?? explained(loaded, picture, question);
  known.set(key, found);
  return found;
}

async function explained(
  loaded: LoadedModel,
  picture: v.Picture,
  { method, options = {}, target = { kind: 'rank', rank: 0 }, score = 'logit', without }: Question,
): Promise<v.ExplainedPicture> {
  const methods = v.chooseMethods([v.findMethod(method)], options, loaded.model.config);
  const explainer = await v.Explainer.create(loaded, new v.ReferenceBackend(), {
    methods,
    score,
    ablation: without !== undefined,
  });
  const targets = methods[0].method.of === 'class' ? [target] : [];
  const ablations = without === undefined ? [] : [{ parts: without, by: 'zero' as const }];
  const [explained] = await explainer.explain([explainer.makeReady(picture)], [targets], { ablations });
  return explained;
}

/** Logits as exact as the README has it, maps within 5e-4 of their norm. */
export function expectSame(document: v.ExplanationDocument, expected: v.ExplainedPicture): void {
  const [explanation] = document.explanations;
  const [map] = expected.maps;
  expectClose(explanation.values, map.values, { relative: 5e-4 });
  expect(explanation.options).toMatchObject(map.options);
  for (const { index, logit } of document.predictions) {
    expect(Math.abs(logit - expected.logits[index])).toBeLessThan(5e-5);
  }
}
