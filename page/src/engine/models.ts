import {
  architectureArguments,
  atGridOf,
  blobSource,
  demoModel,
  describeModel,
  describeOwn,
  findModel,
  labelsOf,
  loadCheckpoint,
  modelNames,
  modelOfCheckpoint,
  openCheckpoint,
  unknownLicence,
  UsageError,
  VisionTransformer,
  WeightsError,
  type ByteSource,
  type Checkpoint,
  type ModelEntry,
  type OutputKind,
  type Preprocessing,
} from 'vitrine';
import { askHub, fetchFromHub, keptAddress, KeptFiles, sha256Of } from 'vitrine/web';
import type { HubModel, ModelPlace, Progress } from '../protocol.js';

/** A model with its numbers. */
export interface LoadedModel {
  readonly name: string;
  readonly model: VisionTransformer;
  readonly labels: readonly string[];
  readonly output: OutputKind;
  readonly preprocessing: Preprocessing;
  readonly licence: string;
  /** Where the checkpoint is from: an address, or a file's name. */
  readonly weights: string;
  readonly sha256: string;
  readonly concluded: readonly string[];
}

const kept = new KeptFiles('vitrine-models');

/** A checkpoint as it was come by. */
interface FoundWeights {
  readonly address: string;
  readonly source: ByteSource;
  readonly sha256: string;
  readonly sibling?: (name: string) => Promise<ByteSource>;
}

type Watch = (progress: Progress) => void;

/**
 * Comes by a model.
 * @param base the page's address, beside which the model that ships lies
 * @throws UsageError, WeightsError for what is no model, or cannot be had; the signal's reason
 */
export async function loadModel(
  place: ModelPlace,
  base: string,
  watch: Watch,
  signal: AbortSignal,
): Promise<LoadedModel> {
  switch (place.from) {
    case 'page':
      return load(demoModel, await shipped(base, signal));
    case 'hub': {
      const entry = findModel(place.name);
      return load(entry, await fromHub(entry, watch, signal));
    }
    case 'files':
      return fromFiles(place.files);
    default:
      return place satisfies never;
  }
}

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

async function shipped(base: string, signal: AbortSignal): Promise<FoundWeights> {
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
  return { address, source: blobSource(address, new Blob([bytes])), sha256: await digestOf(bytes) };
}

/** Where a browser works out none, nothing is said: it is the page's own file. */
function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return sha256Of(bytes).catch((error: unknown) => {
    if (error instanceof WeightsError) return '';
    throw error;
  });
}

async function fromHub(entry: ModelEntry, watch: Watch, signal: AbortSignal): Promise<FoundWeights> {
  const { blob, sha256, address } = await fetchFromHub(
    hubOf(entry),
    kept,
    (done, total) => {
      watch({ stage: 'download', done, total });
    },
    signal,
  );
  return { address, source: blobSource(address, blob), sha256 };
}

function hubOf({ name, hub }: ModelEntry): NonNullable<ModelEntry['hub']> {
  if (!hub) throw new UsageError(`${name} is not on the hub; it comes with the page.`);
  return hub;
}

/** A checkpoint, or the files of a folder as timm and transformers write them. */
async function fromFiles(files: readonly File[]): Promise<LoadedModel> {
  const named = new Map(files.map((file) => [file.name, file]));
  const config = named.get('config.json');
  const weights =
    weightsFiles.map((name) => named.get(name)).find((file) => file !== undefined) ??
    files.find(({ name }) => /\.(safetensors|pth?|bin|npz|ckpt)$/i.test(name));
  if (!weights) {
    throw new UsageError(
      `Among ${files.length === 1 ? `"${files[0].name}"` : `${files.length} files`} there is no checkpoint; drop a .safetensors file, or a folder with config.json and ${weightsFiles[0]}.`,
    );
  }
  const found: FoundWeights = {
    address: weights.name,
    source: blobSource(weights.name, weights),
    sha256: await digestOfFile(weights),
    sibling: (name) => {
      const file = named.get(name);
      if (!file) throw new WeightsError(`"${weights.name}" names "${name}", which was not dropped with it.`);
      return Promise.resolve(blobSource(name, file));
    },
  };
  if (!config) return load(undefined, found);
  const preprocessor = named.get('preprocessor_config.json');
  const { trainedSize, ...described } = describeModel(
    {
      config: await jsonOf(config),
      ...(preprocessor ? { preprocessor: await jsonOf(preprocessor) } : {}),
      source: 'the dropped folder',
    },
    architectureArguments,
  );
  const folder = config.webkitRelativePath.split('/')[0] || 'dropped';
  return load({ name: folder, licence: unknownLicence, ...described }, found, trainedSize);
}

/** The files that a folder may have its weights in; the first there is counts. */
const weightsFiles = ['model.safetensors', 'model.safetensors.index.json', 'pytorch_model.bin'];

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

/** @param known what is known of the model; if nothing is, it is concluded from the checkpoint */
async function load(
  known: ModelEntry | undefined,
  { address, source, sha256, sibling }: FoundWeights,
  trainedSize?: ModelEntry['config']['imageSize'],
): Promise<LoadedModel> {
  const checkpoint = await openCheckpoint(source, sibling);
  const entry =
    known ??
    ownModel(checkpoint, address) ??
    modelOfCheckpoint(checkpoint, address.replace(/\.[^.]+$/, ''), address);
  const model = new VisionTransformer(entry.config);
  await loadCheckpoint(model, atGridOf(model, checkpoint, trainedSize));
  const { name, output, preprocessing, licence } = entry;
  const concluded = 'concluded' in entry ? (entry.concluded as readonly string[]) : [];
  return {
    name,
    model,
    labels: labelsOf(entry),
    output,
    preprocessing,
    licence,
    weights: address,
    sha256,
    concluded,
  };
}

/** One that vitrine trained says itself what it is. */
function ownModel({ metadata }: Checkpoint, address: string): ModelEntry | undefined {
  const own = describeOwn(metadata, address);
  return own && { ...own, licence: unknownLicence };
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
