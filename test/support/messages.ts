import { expect } from '@jest/globals';
import { WeightsError } from '../../src/errors.js';

/** The message of the refusal that is expected. */
export async function messageOf(refused: Promise<unknown>): Promise<string> {
  const error = await refused.then(
    () => new Error('nothing was refused'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WeightsError);
  return (error as Error).message;
}
