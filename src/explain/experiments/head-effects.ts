import type { MethodDescription } from '../method.js';
import { choice, parseOptions, type OptionSchemas, type Wording } from '../options.js';
import type { ModelSizes } from '../../geometry.js';
import { standIns } from './ablation.js';

/** An experiment, described as methods are, whose result is no map of patches. */
export interface Experiment extends Pick<
  MethodDescription<'class' | 'pass', OptionSchemas>,
  'name' | 'explains' | 'of' | 'options' | 'score'
> {
  readonly shows: () => 'signed' | 'positive';
  /** As of a method. @throws UsageError that says which option is wrong and what it takes */
  readonly parse: (
    given: Readonly<Record<string, unknown>>,
    model: ModelSizes,
    wording?: Wording,
  ) => Readonly<Record<string, unknown>>;
}

const options = () => ({ by: choice(standIns, 'what stands in for a head that is knocked out') });
const parse: Experiment['parse'] = (given, _model, wording) => parseOptions(options(), given, wording);

/** What the score loses without each head. */
export const headEffects: Experiment = {
  name: 'heads',
  explains: 'a class, by what it loses without each head',
  of: 'class',
  options,
  shows: () => 'signed',
  parse,
};

/** How much of the attention rollout's heat lies elsewhere without each head. */
export const headEffectsOnRollout: Experiment = {
  name: 'heads-rollout',
  explains: 'what was looked at, by how much of it moves without each head',
  of: 'pass',
  options,
  shows: () => 'positive',
  parse,
};
