/** Models that do not come with the page: of the hub, and what a person drops. */
import {
  blobSource,
  filesOfModel,
  findModel,
  modelNames,
  modelOfConfiguration,
  openCheckpoint,
  recogniseModel,
  UsageError,
  WeightsError,
  type ModelEntry,
} from 'vitrine';
import { askHub, fetchFromHub, keptAddress, KeptFiles } from 'vitrine/web';
import type { HubModel } from '../protocol.js';
import { digestOf } from './digest.js';
import type { FoundModel, Wish } from './models.js';

const kept = new KeptFiles('vitrine-models');

/** A registered model: kept in this browser, or downloaded and compared with the hub's checksum. */
export async function modelOfHub(name: string, { onProgress, signal }: Wish): Promise<FoundModel> {
  const entry = findModel(name);
  const { blob, sha256, address } = await fetchFromHub(
    hubOf(entry),
    kept,
    (done, total) => {
      onProgress({ stage: 'download', done, total });
    },
    signal,
  );
  const checkpoint = await openCheckpoint(blobSource(address, blob));
  return { entry: { ...entry, concluded: [] }, checkpoint, address, sha256: () => Promise.resolve(sha256) };
}

function hubOf({ name, hub }: ModelEntry): NonNullable<ModelEntry['hub']> {
  if (!hub) throw new UsageError(`${name} is not on the hub; it comes with the page.`);
  return hub;
}

/** A checkpoint, or the files of a folder as timm and transformers write them. */
export async function modelOfFiles(files: readonly File[]): Promise<FoundModel> {
  const named = new Map(files.map((file) => [file.name, file]));
  const { config, preprocessor, weights } = filesOfModel([...named.keys()]);
  const file = named.get(weights ?? '');
  if (!file) {
    throw new UsageError(
      `Among ${files.length === 1 ? `"${files[0].name}"` : `${files.length} files`} there is no checkpoint; drop a .safetensors file, or a folder with config.json and model.safetensors.`,
    );
  }
  const checkpoint = await openCheckpoint(blobSource(file.name, file), (name) => {
    const sibling = named.get(name);
    if (!sibling) throw new WeightsError(`"${file.name}" names "${name}", which was not dropped with it.`);
    return Promise.resolve(blobSource(name, sibling));
  });
  const found = { checkpoint, address: file.name, sha256: () => digestOfFile(file) };
  const described = named.get(config ?? '');
  if (!described) {
    return { ...found, entry: recogniseModel(checkpoint, file.name.replace(/\.[^.]+$/, ''), file.name) };
  }
  const pictures = named.get(preprocessor ?? '');
  const entry = modelOfConfiguration(
    {
      config: await jsonOf(described),
      ...(pictures ? { preprocessor: await jsonOf(pictures) } : {}),
      source: 'the dropped folder',
    },
    described.webkitRelativePath.split('/')[0] || 'dropped',
  );
  return { ...found, entry };
}

/** Beyond, a file is not in memory as a whole, as to hash it takes. */
const largestHashed = 2 ** 30;

async function digestOfFile(file: File): Promise<string> {
  return file.size > largestHashed ? '' : digestOf(new Uint8Array(await file.arrayBuffer()));
}

async function jsonOf(file: File): Promise<unknown> {
  try {
    return JSON.parse(await file.text()) as unknown;
  } catch (error) {
    throw new UsageError(`${file.name} is no JSON: ${(error as Error).message}; fetch it again.`);
  }
}

/** What the hub has that this page runs. */
export async function hubModels(): Promise<readonly HubModel[]> {
  const addresses = await kept.list();
  return modelNames().flatMap((name) => {
    const { hub, licence } = findModel(name);
    if (!hub) return [];
    return [{ name, licence, kept: addresses.some((address) => address.includes(`/${hub.repo}/resolve/`)) }];
  });
}

export async function sizeOf(name: string, signal: AbortSignal): Promise<number> {
  const file = hubOf(findModel(name));
  const address = await keptAddress(file, kept);
  const blob = address === undefined ? undefined : await kept.find(address);
  return blob?.size ?? (await askHub(file, signal)).size;
}

export async function forget(name: string): Promise<void> {
  const address = await keptAddress(hubOf(findModel(name)), kept);
  if (address !== undefined) await kept.forget(address);
}
