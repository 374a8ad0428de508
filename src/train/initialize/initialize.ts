import {
  expectGiven,
  expectNoOther,
  expectParts,
  oneOf,
  optional,
  wholeNumber,
  type Expectation,
} from '../../given.js';
import { Module } from '../../nn/index.js';
import { Random } from '../../random.js';
import { placesIn } from './place.js';
import { schemeNames, schemes, type Scheme, type SchemeName } from './schemes.js';

export interface InitializeOptions {
  /** `timm` if left out. */
  readonly scheme?: SchemeName;
  /** The same numbers for the same seed; 0 if left out. */
  readonly seed?: number;
}

const aModule: Expectation<Module> = {
  words: 'a module, such as a VisionTransformer',
  fits: (value): value is Module => value instanceof Module,
};

/**
 * Gives every parameter of a module the numbers that it has before training.
 *
 * ```ts
 * initialize(new VisionTransformer(config), { scheme: 'timm', seed: 1 });
 * ```
 * @throws UsageError for what is no module, or a scheme that there is not
 */
export function initialize(module: Module, options: InitializeOptions = {}): void {
  expectGiven('initialize: the module', module, aModule);
  expectParts('initialize: options', options, {
    scheme: optional(oneOf(schemeNames)),
    seed: optional(wholeNumber(0)),
  });
  expectNoOther('initialize', options, ['scheme', 'seed']);
  const { scheme = 'timm', seed = 0 } = options;
  const { draws, finish }: Scheme = schemes[scheme];
  const random = new Random(seed);
  for (const place of placesIn(module)) {
    const draw = draws[place.role](place);
    const { parameter } = place;
    parameter.assign(Float32Array.from({ length: parameter.size }, () => draw(random)));
  }
  finish?.(module);
}
