import * as is from 'valibot';
import { UsageError } from '../../errors.js';
import { checkPreprocessing, type SquarePreprocessing } from '../../image/preprocess.js';

/** As models have it; of a square input, as those that are trained here. */
export const preprocessing = is.custom<SquarePreprocessing>((value) => {
  try {
    checkPreprocessing('A training', value as SquarePreprocessing);
    return typeof (value as SquarePreprocessing).size === 'number';
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}, 'a preprocessing, as the file of a model has it');
