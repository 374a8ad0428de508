import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { VitrineError, WeightsError } from '../../errors.js';
import { assertFinite, readSafetensors } from '../../models/checkpoint/safetensors.js';
import type { Checkpoint } from '../../models/checkpoint/safetensors.js';
import { downloadProgress } from '../hub/progress.js';
import { downloadToCache } from '../hub/hub.js';
import { findCached, isFile, repoFolder } from '../hub/cache.js';
import { connected } from '../hub/connection.js';
import { hubCacheFolder, isHubOffline } from '../hub/environment.js';
import type { Environment } from '../hub/environment.js';
import type { HubFile } from '../hub/download.js';
import { failedDownload } from '../hub/failed-download.js';
import { failureInWords } from '../files/failure-in-words.js';

/** Where a model's weights are looked for. */
export interface WeightsRequest {
  /** The model's name, which is also the name of its file in the weights folder. */
  readonly model: string;
  /** Where the model is published, such as timm/deit_tiny_patch16_224.fb_in1k; left out if it ships with the package. */
  readonly hub?: HubFile | undefined;
  /** A file that the person chose: nothing else is tried. */
  readonly explicit?: string | undefined;
  readonly weightsFolder: string;
  /** Bytes received and bytes in all; by default a bar, or two lines, on stderr. */
  readonly onProgress?: ((received: number, total: number) => void) | undefined;
  /**
   * Read for the variables of the Hugging Face tools: HF_HOME, HF_HUB_CACHE, HF_HUB_OFFLINE, HF_ENDPOINT, HF_TOKEN,
   * HF_TOKEN_PATH. Default: `process.env`, which alone is read for HTTPS_PROXY, HTTP_PROXY and NO_PROXY.
   */
  readonly env?: Environment | undefined;
  /** Longest wait for an answer of the hub, in milliseconds. Default: 5000. */
  readonly answerTimeout?: number | undefined;
  /** Longest silence within a download, in milliseconds. Default: 30000. */
  readonly stallTimeout?: number | undefined;
}

export interface FoundWeights {
  readonly path: string;
  readonly origin: 'explicit' | 'weights folder' | 'cache' | 'download';
}

/** A checkpoint and where it came from. */
export interface ReadWeights {
  readonly checkpoint: Checkpoint;
  /** Of the whole file, in hexadecimal; computed when it is first asked for. */
  readonly sha256: () => string;
  readonly path: string;
}

/** A model's weights are neither here nor to be had. */
export class MissingWeightsError extends WeightsError {
  override name = 'MissingWeightsError';

  /**
   * @param why in the middle of a sentence
   * @param remedy what a person can do, in the middle of a sentence
   */
  constructor(
    model: string,
    readonly why: string,
    readonly remedy: string,
  ) {
    super(`There are no weights for ${model} here and ${why}: ${remedy}.`);
  }
}

/**
 * Finds a model's weights: the given file, else WEIGHTSFOLDER/MODEL.safetensors, else the cache of the Hugging
 * Face tools, else a download into that cache, checked against the hub's checksum.
 *
 * @throws WeightsError when the given file is no file; MissingWeightsError when nothing is found and the download fails
 */
export async function findWeights(request: WeightsRequest): Promise<FoundWeights> {
  const { model, hub, explicit, weightsFolder, env = process.env } = request;
  if (explicit !== undefined) {
    await checkExplicit(explicit);
    return { path: explicit, origin: 'explicit' };
  }
  const local = join(weightsFolder, `${model}.safetensors`);
  if (await isFile(local)) return { path: local, origin: 'weights folder' };
  if (!hub) {
    throw new WeightsError(
      `${resolve(local)}, which ships with vitrine, is not there: install vitrine again, or give a file with --weights FILE.`,
    );
  }
  const cacheFolder = hubCacheFolder(env);
  const cached = await findCached(repoFolder(cacheFolder, hub.repo), hub.file);
  if (cached !== undefined) return { path: cached, origin: 'cache' };

  const onNetwork = `run once with network access, which fills the Hugging Face cache at ${cacheFolder}`;
  const notFound = (why: string, remedy = onNetwork): WeightsError =>
    new MissingWeightsError(
      model,
      why,
      `give a file with --weights FILE, or put it at ${resolve(local)}, or ${remedy}`,
    );
  if (isHubOffline(env)) throw notFound('HF_HUB_OFFLINE forbids a download');
  try {
    return { path: await download(hub, request, cacheFolder, env), origin: 'download' };
  } catch (error) {
    if (error instanceof VitrineError) throw error;
    const { why, remedy } = failedDownload(error, hub, env);
    throw notFound(why, remedy);
  }
}

/**
 * Reads a safetensors file and its checksum.
 *
 * @throws WeightsError when the file cannot be read, or is damaged
 */
export async function readWeights(path: string): Promise<ReadWeights> {
  const bytes = await readAtOnce(path).catch((error: unknown) => {
    throw cannotRead(path, error);
  });
  if (bytes.length === 0) throw new WeightsError(`The weights file "${path}" is empty: fetch it again.`);
  const checkpoint = readSafetensors(bytes, path);
  let digest: string | undefined;
  const sha256 = (): string => (digest ??= createHash('sha256').update(bytes).digest('hex'));
  return { checkpoint, sha256, path };
}

/**
 * Reads the numbers of a checkpoint that a training is to begin with.
 *
 * @throws WeightsError when the file cannot be read, is damaged, or holds a number that is none
 */
export async function readParameters(
  path: string,
): Promise<{ readonly tensors: Checkpoint['tensors']; readonly source: string }> {
  const { checkpoint } = await readWeights(path);
  assertFinite(checkpoint, path);
  return { tensors: checkpoint.tensors, source: path };
}

const [read, readFile] = [promisify(fs.read), promisify(fs.readFile)];

/** Node's limit is 2 GiB. */
const MAX_READ = 2 ** 30;

/**
 * `readFile` reads in many small pieces, and waits for the caller's thread after each. Here that thread is only
 * needed to begin, so what it does meanwhile does not keep the file waiting.
 */
async function readAtOnce(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const file = fs.openSync(path, 'r');
  try {
    const stats = fs.fstatSync(file);
    if (stats.isDirectory()) throw Object.assign(new Error(path), { code: 'EISDIR' });
    // A pipe does not tell its length.
    if (!stats.isFile()) return await readFile(file);
    const bytes = new Uint8Array(stats.size);
    let length = 0;
    while (length < bytes.length) {
      const size = Math.min(bytes.length - length, MAX_READ);
      const { bytesRead } = await read(file, bytes, length, size, null);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return bytes.subarray(0, length);
  } finally {
    fs.closeSync(file);
  }
}

async function download(
  hub: HubFile,
  request: WeightsRequest,
  cacheFolder: string,
  env: Environment,
): Promise<string> {
  const progress = request.onProgress ? undefined : await downloadProgress(hub.repo);
  const { onProgress = progress!.update } = request;
  let done = false;
  try {
    const path = await connected({ ...request, repo: hub.repo, env }, (connection) =>
      downloadToCache(hub, cacheFolder, connection, onProgress),
    );
    done = true;
    return path;
  } finally {
    progress?.stop(done);
  }
}

async function checkExplicit(path: string): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    throw cannotRead(path, error);
  });
  if (found.isDirectory()) throw cannotRead(path, { code: 'EISDIR' });
}

function cannotRead(path: string, error: unknown): WeightsError {
  return new WeightsError(
    `Cannot read the weights file "${path}": ${failureInWords(error)}; give the path of a safetensors file.`,
  );
}
