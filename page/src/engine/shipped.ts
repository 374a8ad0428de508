import { bytesSource, demoModel, openSafetensors, WeightsError } from 'vitrine';
import { digestOf } from './digest.js';
import type { FoundModel, Wish } from './models.js';

/** Asked for while a device is opened. */
let early: Promise<Response> | undefined;

/** Begins to fetch the model that ships, which most people see first. */
export function fetchEarly(base: string): void {
  early ??= fetch(addressOfShipped(base));
  early.catch(() => undefined);
}

function addressOfShipped(base: string): string {
  return new URL(`weights/${demoModel.name}.safetensors`, base).href;
}

/** The model that comes with the page. @throws WeightsError if it cannot be fetched */
export async function shippedModel({ base, signal }: Pick<Wish, 'base' | 'signal'>): Promise<FoundModel> {
  const address = addressOfShipped(base);
  const asked = early ?? fetch(address, { signal });
  early = undefined;
  const response = await asked.catch((error: unknown) => {
    signal.throwIfAborted();
    throw new WeightsError('Cannot get the model that comes with the page; load the page again.', {
      cause: error,
    });
  });
  if (!response.ok)
    throw new WeightsError(
      `The server of this page answers ${response.status} for its model; load it again.`,
    );
  const bytes = new Uint8Array(await response.arrayBuffer());
  const checkpoint = await openSafetensors(bytesSource(address, bytes));
  return { entry: { ...demoModel, concluded: [] }, checkpoint, address, sha256: await digestOf(bytes) };
}
