import { checkBackend, type Backend } from '../compiler/backend.js';
import { UsageError } from '../errors.js';
import { findMethods, ranksAsked, type AnyMethod, type ClassTarget, type Score } from '../explain/index.js';
import { anObject, aText, expectNoOther, expectParts, optional, type Expectation } from '../given.js';
import type { Picture } from '../image/index.js';
import type { OutputKind } from '../models/index.js';
import { chooseMethods } from './chosen-methods.js';
import { definedOn } from './defined-methods.js';
import { Explainer, type ExplainedPicture, type Subject } from './explainer.js';
import { parseTargets } from './targets.js';
import type { Watch } from './watch.js';

/** A model that knows what its outputs are called, as `loadModel` gives it. */
export interface NamedSubject extends Subject {
  /** Comma-separated synonyms of each class, by index; without them classes have numbers alone. */
  readonly labels?: readonly string[];
  /** What its outputs are; classes if left out. */
  readonly output?: OutputKind;
}

/** What is to be explained, and how. */
export interface Question extends Watch {
  readonly backend: Backend;
  /** Methods, or names as the command takes them; `recommended` if left out. */
  readonly methods?: readonly (AnyMethod | string)[];
  /** Options of methods, by name: each method takes those that it has. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Targets, or classes as the command takes them: `tabby`, `281`, `top3`, `tabby..lynx`; the most probable class if left out. */
  readonly targets?: readonly (ClassTarget | string)[];
  /** What of a class: its logit if left out. */
  readonly score?: Score;
}

const someMethods: Expectation<readonly (AnyMethod | string)[]> = {
  words: "a list of methods or their names, such as ['recommended']",
  fits: (value): value is readonly (AnyMethod | string)[] =>
    Array.isArray(value) && value.every((one: unknown) => aText.fits(one) || anObject.fits(one)),
};

const someTargets: Expectation<readonly (ClassTarget | string)[]> = {
  words: "a list of targets, such as ['tabby'] or [{ kind: 'class', index: 281 }]",
  fits: (value): value is readonly (ClassTarget | string)[] =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((one: unknown) => aText.fits(one) || anObject.fits(one)),
};

const parts = {
  methods: optional(someMethods),
  targets: optional(someTargets),
  options: optional(anObject),
};

/**
 * Explains one picture, and leaves nothing on the device. Of several pictures, or the same one several times, an `Explainer` makes
 * use of one program.
 * @param loaded as `loadModel` gives it
 * @throws UsageError for a method, an option or a class that there is not; DeviceError if the device fails; the reason of an
 *   aborted signal
 */
export async function explain(
  loaded: NamedSubject,
  picture: Picture,
  question: Question,
): Promise<ExplainedPicture> {
  expectParts('explain: the question', question, parts);
  expectNoOther('explain', question, [...Object.keys(parts), 'backend', 'score', 'signal', 'onProgress']);
  const { backend, methods = ['recommended'], options = {}, targets: asked, ...others } = question;
  checkBackend('explain', backend);
  const isDefined = definedOn(loaded.model.config);
  const found = methods.flatMap((method) =>
    typeof method === 'string' ? findMethods(method, isDefined) : [method],
  );
  const features = loaded.output !== undefined && loaded.output !== 'classes';
  const targets = targetsOf(asked, features, loaded);
  const explainer = await Explainer.create(loaded, backend, {
    ...others,
    methods: chooseMethods(found, options, loaded.model.config),
    targets: targets.length,
    ranks: ranksAsked(targets),
    features,
  });
  try {
    const explainsClass = found.some(({ of }) => of === 'class');
    const given = explainsClass ? targets : [];
    const { signal } = question;
    const [explained] = await explainer.explain(
      [explainer.makeReady(picture)],
      [given],
      signal === undefined ? {} : { signal },
    );
    return explained;
  } finally {
    explainer.dispose();
  }
}

function targetsOf(
  asked: Question['targets'],
  features: boolean,
  { labels, model }: NamedSubject,
): readonly ClassTarget[] {
  if (features) {
    const words = asked?.find((target) => typeof target === 'string');
    if (words !== undefined) {
      throw new UsageError(
        `This model has no classes, and so none called ${JSON.stringify(words)}; give { kind: 'feature', index }, { kind: 'norm' } or ` +
          "{ kind: 'similarity', to }.",
      );
    }
    return (asked as readonly ClassTarget[] | undefined) ?? [{ kind: 'norm' }];
  }
  const names = labels ?? Array.from({ length: model.config.classes }, (_, index) => `class ${index}`);
  const given: readonly (ClassTarget | string)[] = asked ?? [{ kind: 'rank', rank: 0 }];
  return given.flatMap((target) => (typeof target === 'string' ? parseTargets(target, names) : [target]));
}
