import type { Measure } from './measure.js';
import { abpcMeasure } from './measures/abpc.js';
import { averagePrecisionMeasure } from './measures/average-precision.js';
import { deletionMeasure } from './measures/deletion.js';
import { discriminationMeasure } from './measures/discrimination.js';
import { energyMeasure } from './measures/energy.js';
import { insertionMeasure } from './measures/insertion.js';
import { iouMeasure } from './measures/iou.js';
import {
  agreementMeasure,
  classLikenessMeasure,
  noiseMeasure,
  randomizedMeasure,
  shiftMeasure,
} from './measures/likeness.js';
import { liftMeasure } from './measures/lift.js';
import { negativePerturbationMeasure, positivePerturbationMeasure } from './measures/perturbation.js';
import { boxIouMeasure, maskIouMeasure, rightBoxMeasure } from './measures/objects.js';
import { pointingMeasure } from './measures/pointing.js';
import { srgMeasure } from './measures/srg.js';

/** Every measure of a map, a line each. Tables, options and documents are loops over this list. */
export const measures: readonly Measure[] = [
  energyMeasure,
  liftMeasure,
  iouMeasure,
  pointingMeasure,
  averagePrecisionMeasure,
  discriminationMeasure,
  boxIouMeasure,
  maskIouMeasure,
  rightBoxMeasure,
  srgMeasure,
  deletionMeasure,
  insertionMeasure,
  abpcMeasure,
  positivePerturbationMeasure,
  negativePerturbationMeasure,
  classLikenessMeasure,
  randomizedMeasure,
  noiseMeasure,
  shiftMeasure,
  agreementMeasure,
];
