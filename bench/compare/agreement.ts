/** Contestants that compute different things cannot be compared. */
export class DisagreementError extends Error {}

/**
 * Compares the results of two: logits and attention may be 1e-4 apart, the numbers of a single result, as a map is, 5e-4
 * of the largest of them.
 * @param sizes numbers in each result: the logits, then the attention of each layer; or the map alone
 * @throws DisagreementError if they are further apart, or one of them is NaN
 */
export function checkAgreement(
  sizes: readonly number[],
  ours: readonly number[] | Float32Array,
  theirs: readonly number[] | Float32Array,
  names: string,
): void {
  if (ours.length !== theirs.length) {
    throw new DisagreementError(`${names}: results of ${ours.length} and of ${theirs.length} numbers.`);
  }
  let start = 0;
  for (const [position, size] of sizes.entries()) {
    let [apart, largest] = [0, 0];
    for (let index = start; index < start + size; index++) {
      // Math.max hands NaN on.
      apart = Math.max(apart, Math.abs(ours[index] - theirs[index]));
      largest = Math.max(largest, Math.abs(theirs[index]));
    }
    const allowed = sizes.length === 1 ? 5e-4 * largest : 1e-4;
    if (!(apart <= allowed)) {
      const digits = `${apart.toExponential(1)}; ${allowed.toExponential(1)} is allowed`;
      throw new DisagreementError(`${names}: result ${position} of ${sizes.length} differs by ${digits}.`);
    }
    start += size;
  }
}
