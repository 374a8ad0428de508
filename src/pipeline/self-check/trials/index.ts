import { elements } from './elements.js';
import { folds } from './folds.js';
import { moves } from './moves.js';
import { rows } from './rows.js';
import type { TriedKind, Trials } from './trial.js';

/** Every operation that has something to try, and how. */
export const trials: Trials<TriedKind> = { ...elements, ...folds, ...rows, ...moves };
