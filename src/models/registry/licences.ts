/** Licences of checkpoints that allow research, but no commercial use. */
const forbidding: readonly string[] = ['cc-by-nc-4.0', 'apple-amlr'];

/** Whether a checkpoint of this licence may not be used commercially. */
export function forbidsCommerce(licence: string): boolean {
  return forbidding.includes(licence);
}

/** Of a checkpoint that does not say. */
export const unknownLicence = 'unknown';
