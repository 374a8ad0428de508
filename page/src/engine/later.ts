import { WeightsError } from 'vitrine';
import type * as Elsewhere from './elsewhere.js';

/** What finds models that do not come with the page: tables, dialects and formats of which the first map needs nothing. */
export async function elsewhere(): Promise<typeof Elsewhere> {
  try {
    return await import('./elsewhere.js');
  } catch (error) {
    throw new WeightsError(
      'A part of the page cannot be had; see whether it is still there, or load it again.',
      {
        cause: error,
      },
    );
  }
}

/** Once there is time, so that nothing is missing when the network is. */
export function haveAll(): void {
  // Whoever needs it hears of it.
  elsewhere().catch(() => undefined);
}
