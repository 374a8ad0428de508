import { WeightsError } from '../errors.js';

/** In hexadecimal. @throws WeightsError where the browser works out none */
export async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const { subtle } = crypto as Partial<Crypto>;
  if (!subtle) {
    throw new WeightsError('This browser compares no checksums on pages that come without encryption.');
  }
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
