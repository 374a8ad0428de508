import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { VitrineError, WeightsError } from '../../errors.js';
import { downloadProgress } from '../hub/progress.js';
import { downloadToCache } from '../hub/hub.js';
import { findCached, isFile, repoFolder } from '../hub/cache.js';
import { connected } from '../hub/connection.js';
import { hubCacheFolder, isHubOffline } from '../hub/environment.js';
import type { Environment } from '../hub/environment.js';
import { snapshotOf, type HubFile } from '../hub/download.js';
import { failedDownload } from '../hub/failed-download.js';
import { cannotRead } from './weights-file.js';

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
  const { model, hub, explicit, env = process.env } = request;
  if (explicit !== undefined) {
    await checkExplicit(explicit);
    return { path: explicit, origin: 'explicit' };
  }
  const here = await findWeightsHere(request);
  if (here) return here;
  const local = localFile(request);
  if (!hub) {
    throw new WeightsError(
      `${resolve(local)}, which ships with vitrine, is not there: install vitrine again, or give a file with --weights FILE.`,
    );
  }
  const cacheFolder = hubCacheFolder(env);
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

/** Where a model's weights lie already: as `findWeights`, but nobody is asked. */
export async function findWeightsHere(
  request: Pick<WeightsRequest, 'model' | 'hub' | 'weightsFolder' | 'env'>,
): Promise<FoundWeights | undefined> {
  const local = localFile(request);
  if (await isFile(local)) return { path: local, origin: 'weights folder' };
  const { hub, env = process.env } = request;
  if (!hub) return undefined;
  const cached = await findCached(repoFolder(hubCacheFolder(env), hub.repo), hub.file);
  return cached === undefined ? undefined : { path: cached, origin: 'cache' };
}

function localFile({ weightsFolder, model }: Pick<WeightsRequest, 'weightsFolder' | 'model'>): string {
  return join(weightsFolder, `${model}.safetensors`);
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
    const path = await connected({ ...request, repo: hub.repo, env }, async (connection) => {
      const snapshot = await snapshotOf(hub, [hub.file], connection);
      return downloadToCache(snapshot, hub.file, cacheFolder, connection, onProgress);
    });
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
