import type * as Sdk from '@aws-sdk/client-s3';
import { ImageError, UsageError } from '../../errors.js';
import { optionalPackage } from '../optional-package.js';

/** Something in object storage. */
export interface ObjectPlace {
  readonly bucket: string;
  readonly object: string;
}

interface Storage {
  readonly sdk: typeof Sdk;
  readonly client: Sdk.S3Client;
}
let opened: Promise<Storage> | undefined;

/** Account, region and endpoint are those of the environment, as the SDK reads them. */
function storage(): Promise<Storage> {
  opened ??= optionalPackage(() => import('@aws-sdk/client-s3'), ['@aws-sdk/client-s3'], 's3://').then(
    (sdk) => {
      // Servers beside Amazon's own are mostly reached by paths, not by a host name for each bucket.
      const forcePathStyle = process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL'];
      return { sdk, client: new sdk.S3Client({ forcePathStyle: forcePathStyle !== undefined }) };
    },
  );
  return opened;
}

/**
 * @throws ImageError if it cannot be had, for the picture to be named and left out
 */
export async function getObject({ bucket, object }: ObjectPlace): Promise<Buffer> {
  const { sdk, client } = await storage();
  try {
    const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: object }));
    return Buffer.from(await Body!.transformToByteArray());
  } catch (error) {
    throw new ImageError(`s3://${bucket}/${object} cannot be read: ${reasonOf(error)}.`, { cause: error });
  }
}

/** The same, or undefined if there is none. */
export async function getObjectIfThere(place: ObjectPlace): Promise<Buffer | undefined> {
  return getObject(place).catch((error: unknown) => {
    const { name } = Object((error as Error).cause) as { name?: string };
    if (name === 'NoSuchKey' || name === 'NotFound') return undefined;
    throw error;
  });
}

/**
 * Names of all objects that begin so, in the order of their bytes, as the storage gives them.
 * @throws UsageError if they cannot be listed
 */
export async function listObjects({ bucket, object }: ObjectPlace): Promise<readonly string[]> {
  const { sdk, client } = await storage();
  const names: string[] = [];
  try {
    for await (const page of sdk.paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: object })) {
      names.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
    }
  } catch (error) {
    throw new UsageError(`s3://${bucket}/${object} cannot be listed: ${reasonOf(error)}.`, { cause: error });
  }
  return names;
}

/**
 * Puts an object, whole or not at all.
 * @throws UsageError if it cannot be written
 */
export async function putObject({ bucket, object }: ObjectPlace, data: Uint8Array | string): Promise<void> {
  await written(bucket, object, ({ sdk, client }) =>
    client.send(new sdk.PutObjectCommand({ Bucket: bucket, Key: object, Body: data })),
  );
}

/** @throws UsageError if it cannot be removed */
export async function deleteObject({ bucket, object }: ObjectPlace): Promise<void> {
  await written(bucket, object, ({ sdk, client }) =>
    client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key: object })),
  );
}

async function written(
  bucket: string,
  object: string,
  work: (opened: Storage) => Promise<unknown>,
): Promise<void> {
  const known = await storage();
  try {
    await work(known);
  } catch (error) {
    throw new UsageError(`Cannot write s3://${bucket}/${object}: ${reasonOf(error)}.`, { cause: error });
  }
}

/** The SDK's errors are named after what the storage answered. */
function reasonOf(error: unknown): string {
  const { name, message } = error as Error;
  const [line] = message.split('\n', 1);
  return (line === '' || line === 'UnknownError' ? name : line).slice(0, 200).replace(/[.\s]+$/, '');
}
