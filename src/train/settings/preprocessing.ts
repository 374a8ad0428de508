import * as is from 'valibot';
import { UsageError } from '../../errors.js';
import { checkPreprocessing, type Preprocessing } from '../../image/preprocess.js';

/** As models have it. */
export const preprocessing = is.custom<Preprocessing>((value) => {
  try {
    checkPreprocessing('A training', value as Preprocessing);
    return true;
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}, 'a preprocessing, as the file of a model has it');
