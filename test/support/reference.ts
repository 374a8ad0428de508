import { describe, test } from '@jest/globals';

/** The folder of full-size reference data, from the environment variable VITRINE_REFERENCE; it may be absent. */
export const referenceFolder: string | undefined = process.env['VITRINE_REFERENCE'] || undefined;

/**
 * A `describe` for tests that read the reference folder. Without the folder they are reported as skipped,
 * under a name that says why.
 */
export function describeWithReference(name: string, body: (folder: string) => void): void {
  if (referenceFolder === undefined) {
    // The body is not run at all: it may read files while it lists its tests.
    describe(`${name} (needs VITRINE_REFERENCE)`, () => {
      test.skip('compares with the reference data', () => undefined);
    });
  } else {
    const folder = referenceFolder;
    describe(name, () => {
      body(folder);
    });
  }
}
