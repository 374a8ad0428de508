/** Contestants that compute different things cannot be compared. */
export class DisagreementError extends Error {}

/** How far two results may be apart: absolutely, or as a share of the largest number. */
interface Tolerance {
  readonly what: string;
  readonly absolute?: number;
  readonly ofMaximum?: number;
}

export const logitsTolerance: Tolerance = { what: 'logits', absolute: 1e-4 };
export const attentionTolerance: Tolerance = { what: 'attention', absolute: 1e-4 };
export const mapTolerance: Tolerance = { what: 'map', ofMaximum: 5e-4 };

/**
 * @returns the largest difference, in the tolerance's own terms
 * @throws DisagreementError if it is too large, or one result holds NaN
 */
export function checkAgreement(
  { what, absolute, ofMaximum }: Tolerance,
  ours: ArrayLike<number>,
  theirs: ArrayLike<number>,
  names: string,
): number {
  if (ours.length !== theirs.length) {
    throw new DisagreementError(`${names}: ${what} of ${ours.length} and of ${theirs.length} numbers.`);
  }
  let largest = 0;
  let difference = 0;
  for (let index = 0; index < ours.length; index++) {
    const here = Math.abs(ours[index] - theirs[index]);
    // NaN is larger than everything, and stays.
    if (!(here <= difference) && !Number.isNaN(difference)) difference = here;
    largest = Math.max(largest, Math.abs(theirs[index]));
  }
  const scale = ofMaximum === undefined ? 1 : largest;
  const allowed = absolute ?? ofMaximum ?? 0;
  const found = difference === 0 ? 0 : difference / scale;
  if (!(found <= allowed)) {
    throw new DisagreementError(
      `${names}: the ${what} differs by ${found.toExponential(1)}` +
        `${ofMaximum === undefined ? '' : ' of its maximum'}; ${allowed.toExponential(0)} is allowed.`,
    );
  }
  return found;
}

/**
 * Compares all results of a task.
 * @param sizes numbers in each result: the logits, then the attention of each layer; or the map alone
 */
export function checkResults(
  sizes: readonly number[],
  ours: Float32Array,
  theirs: Float32Array,
  names: string,
): void {
  if (ours.length !== theirs.length) {
    throw new DisagreementError(`${names}: results of ${ours.length} and of ${theirs.length} numbers.`);
  }
  let start = 0;
  sizes.forEach((size, index) => {
    const first = sizes.length === 1 ? mapTolerance : logitsTolerance;
    const tolerance =
      index === 0 ? first : { ...attentionTolerance, what: `attention of layer ${index - 1}` };
    checkAgreement(
      tolerance,
      ours.subarray(start, start + size),
      theirs.subarray(start, start + size),
      names,
    );
    start += size;
  });
}
