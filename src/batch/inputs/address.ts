import { UsageError } from '../../errors.js';
import type { Place } from './item.js';

/** Whether a text is an address of object storage. */
export function isAddress(text: string): boolean {
  return /^s3:\/\//i.test(text);
}

/**
 * The parts of `s3://bucket/some/object`.
 * @throws UsageError if it names no bucket
 */
export function addressOf(text: string): Place & { readonly kind: 's3' } {
  const found = /^s3:\/\/([^/]+)\/?(.*)$/is.exec(text);
  if (!found) throw new UsageError(`"${text}" names no bucket; give s3://BUCKET/FOLDER.`);
  return { kind: 's3', bucket: found[1], object: found[2] };
}

export function addressInWords({ bucket, object }: { bucket: string; object: string }): string {
  return `s3://${bucket}/${object}`;
}
