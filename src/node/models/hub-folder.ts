import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UsageError, VitrineError } from '../../errors.js';
import { configFile, isIndex, preprocessorFile, weightsFiles } from '../../models/folder-files.js';
import { absenceFile, cachedCommit, isFile, repoFolder, snapshotFolder } from '../hub/cache.js';
import { connected } from '../hub/connection.js';
import { snapshotOf, type HubConnection, type HubRevision, type HubSnapshot } from '../hub/download.js';
import { hubCacheFolder, isHubOffline, type Environment } from '../hub/environment.js';
import { failedDownload } from '../hub/failed-download.js';
import { downloadToCache, rememberAbsence } from '../hub/hub.js';
import { downloadProgress } from '../hub/progress.js';
import { shardsOf, weightsFileIn } from './model-files.js';
import { MissingWeightsError } from './weights.js';

/** How a repository of the hub is come by. */
export interface HubFolderRequest {
  /** Whether its weights are wanted too. Default: true. */
  readonly withWeights?: boolean;
  /** Read for the variables of the Hugging Face tools. Default: `process.env`. */
  readonly env?: Environment | undefined;
  /** Longest wait for an answer of the hub, in milliseconds. Default: 5000. */
  readonly answerTimeout?: number | undefined;
  /** Longest silence within a download, in milliseconds. Default: 30000. */
  readonly stallTimeout?: number | undefined;
}

/**
 * The folder of a repository with what its model is made of: configuration, preprocessing, weights. Where the cache of
 * the Hugging Face tools has all of them, nobody is asked; else what is missing is downloaded into it.
 *
 * @returns the path of the snapshot in the cache
 * @throws UsageError if the repository holds no such model
 * @throws MissingWeightsError if it is not in the cache and cannot be downloaded; WeightsError on a wrong checksum
 */
export async function hubFolder(
  { repo, revision = 'main' }: HubRevision,
  request: HubFolderRequest = {},
): Promise<string> {
  const { withWeights = true, env = process.env } = request;
  const cacheFolder = hubCacheFolder(env);
  const cached = await cachedFolder(repoFolder(cacheFolder, repo), revision, withWeights);
  if (cached !== undefined) return cached;
  const name = revision === 'main' ? repo : `${repo}@${revision}`;
  const onNetwork = `run once with network access, which fills the Hugging Face cache at ${cacheFolder}`;
  if (isHubOffline(env)) throw new MissingWeightsError(name, 'HF_HUB_OFFLINE forbids a download', onNetwork);
  let file = configFile;
  try {
    return await connected({ ...request, repo, env }, (connection) =>
      fetchFolder({ repo, revision }, cacheFolder, connection, withWeights, (next) => (file = next)),
    );
  } catch (error) {
    if (error instanceof VitrineError) throw error;
    const { why, remedy = onNetwork } = failedDownload(error, { repo, file }, env);
    throw new MissingWeightsError(name, why, remedy);
  }
}

/** The snapshot in the cache, if nothing of it is missing. */
async function cachedFolder(
  folder: string,
  revision: string,
  withWeights: boolean,
): Promise<string | undefined> {
  const commit = await cachedCommit(folder, revision);
  if (commit === undefined) return undefined;
  const snapshot = snapshotFolder(folder, commit);
  if (!(await isFile(join(snapshot, configFile)))) return undefined;
  // Other tools fetch weights without it: to do without as well would be to guess.
  const known = [join(snapshot, preprocessorFile), absenceFile(folder, commit, preprocessorFile)];
  if (!(await saysAll(join(snapshot, configFile))) && !(await anyIsFile(known))) return undefined;
  return !withWeights || (await hasWeights(snapshot)) ? snapshot : undefined;
}

/** Whether a configuration says too how pictures are made ready, as timm's does. */
async function saysAll(path: string): Promise<boolean> {
  return /"architecture"\s*:/.test(await readFile(path, 'utf8').catch(() => ''));
}

async function anyIsFile(paths: readonly string[]): Promise<boolean> {
  return (await Promise.all(paths.map(isFile))).includes(true);
}

async function hasWeights(folder: string): Promise<boolean> {
  const file = await weightsFileIn(folder);
  if (file === undefined || !isIndex(file)) return file !== undefined;
  const shards = await shardsOf(join(folder, file)).catch(() => undefined);
  if (!shards) return false;
  return (await Promise.all(shards.map((shard) => isFile(join(folder, shard))))).every(Boolean);
}

/** @param onFile called with the name of each file before it is fetched */
async function fetchFolder(
  place: HubRevision,
  cacheFolder: string,
  connection: HubConnection,
  withWeights: boolean,
  onFile: (file: string) => void,
): Promise<string> {
  const snapshot = await snapshotOf(place, [configFile, preprocessorFile, ...weightsFiles], connection);
  const fetch = (file: string, from: HubSnapshot = snapshot): Promise<string> => {
    onFile(file);
    return fetchFile(from, file, cacheFolder, connection);
  };
  const lacking = (what: string): never => {
    throw new UsageError(
      `The repository ${place.repo} holds ${what}; give one of timm or transformers that does.`,
    );
  };
  if (!snapshot.files.has(configFile)) lacking(`no ${configFile}, which tells what its model is`);
  const weights = weightsFiles.find((file) => snapshot.files.has(file));
  if (withWeights && weights === undefined)
    lacking(`no weights, of which one of ${weightsFiles.join(', ')} was expected`);
  const config = await fetch(configFile);
  if (snapshot.files.has(preprocessorFile)) await fetch(preprocessorFile);
  else await rememberAbsence(cacheFolder, snapshot, preprocessorFile);
  if (!withWeights || weights === undefined) return dirname(config);
  const path = await fetch(weights);
  if (isIndex(weights)) {
    const shards = await shardsOf(path);
    const whole = await snapshotOf({ ...place, revision: snapshot.commit }, shards, connection);
    for (const shard of shards) await fetch(shard, whole);
  }
  return dirname(config);
}

async function fetchFile(
  snapshot: HubSnapshot,
  file: string,
  cacheFolder: string,
  connection: HubConnection,
): Promise<string> {
  // What is small is there before anybody has read that it comes.
  const isSmall = (snapshot.files.get(file)?.size ?? 0) < 2 ** 20;
  const progress = isSmall ? undefined : await downloadProgress(`${snapshot.repo}/${file}`);
  let done = false;
  try {
    const path = await downloadToCache(snapshot, file, cacheFolder, connection, (received, total) =>
      progress?.update(received, total),
    );
    done = true;
    return path;
  } finally {
    progress?.stop(done);
  }
}
