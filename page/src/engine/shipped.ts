import { bytesSource, demoModel, openSafetensors } from 'vitrine';
import { digestOf } from './digest.js';
import type { FoundModel, Wish } from './models.js';

/**
 * The model that comes with the page.
 * @param content of its checkpoint
 */
export async function shippedModel(content: ArrayBuffer, { base }: Pick<Wish, 'base'>): Promise<FoundModel> {
  const address = new URL(`weights/${demoModel.name}.safetensors`, base).href;
  const bytes = new Uint8Array(content);
  const checkpoint = await openSafetensors(bytesSource(address, bytes));
  const sha256 = (): Promise<string> => digestOf(bytes);
  return { entry: { ...demoModel, concluded: [] }, checkpoint, address, sha256 };
}
