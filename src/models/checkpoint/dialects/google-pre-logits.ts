import { drop, type Dialect } from './dialect.js';
import { google } from './google.js';

/** Google's checkpoints of the first paper, trained on ImageNet-21k, whose head looks at a layer that no other model has. */
export const googlePreLogits: Dialect = {
  name: "Google's arrays, with a layer before the head",
  signs: [...google.signs, 'pre_logits/kernel'],
  rules: google.rules,
  drops: drop('a head that looks at a layer of its own', 'pre_logits/{x}', 'head/{x}'),
};
