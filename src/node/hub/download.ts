import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { PathInfo } from '@huggingface/hub';
import type { Fetch } from './access.js';
import { isDigest, type Digest } from './digest.js';
import { DownloadError } from './failure.js';

/** A state of a repository on the hub. */
export interface HubRevision {
  /** "owner/name" */
  readonly repo: string;
  /** A branch, a tag or a commit. Default: "main". */
  readonly revision?: string | undefined;
}

/** A file of a repository on the hub. */
export interface HubFile extends HubRevision {
  readonly file: string;
}

/** How the hub is reached. */
export interface HubConnection {
  /** Address of the hub or a mirror. */
  readonly hubUrl: string;
  readonly fetch: Fetch;
  /** Longest wait for the answer to a question, in milliseconds. */
  readonly answerTimeout: number;
  /** Longest silence within a download, in milliseconds. */
  readonly stallTimeout: number;
}

/** What the hub says about a file. */
export interface HubFileInfo {
  readonly digest: Digest;
  /** In bytes. */
  readonly size: number;
}

/** A repository as it is at one commit. */
export interface HubSnapshot {
  readonly repo: string;
  /** What was asked for. */
  readonly revision: string;
  readonly commit: string;
  /** By path. */
  readonly files: ReadonlyMap<string, HubFileInfo>;
}

/**
 * Asks the hub for the newest commit of the revision, and for the sizes and the checksums of the files that it has there.
 * @param paths of files that may be there
 */
export async function snapshotOf(
  { repo, revision = 'main' }: HubRevision,
  paths: readonly string[],
  connection: HubConnection,
): Promise<HubSnapshot> {
  const { modelInfo, pathsInfo } = await import('@huggingface/hub');
  const common = commonParameters(connection);
  const { sha } = await modelInfo({ ...common, name: repo, revision, additionalFields: ['sha'] });
  // Both the commit and the checksums become parts of paths: a mirror must not choose where we write.
  if (!/^[0-9a-f]{40}$/.test(sha)) throw new DownloadError('the hub names no commit');
  const found = await pathsInfo({ ...common, repo, revision: sha, paths: [...paths] });
  const files = found.filter(({ path, type }) => type === 'file' && paths.includes(path)).map(described);
  return { repo, revision, commit: sha, files: new Map(files) };
}

function described({ path, oid, size, lfs }: PathInfo): [path: string, info: HubFileInfo] {
  const info: HubFileInfo = lfs
    ? { digest: { kind: 'sha256', hex: lfs.oid }, size: lfs.size }
    : { digest: { kind: 'git', hex: oid ?? '' }, size };
  if (!isDigest(info.digest)) throw new DownloadError(`the hub has no checksum for ${path}`);
  return [path, info];
}

/**
 * Writes a file of the snapshot to `path`, which must not exist. What is there after a failure is of no use.
 *
 * One plain stream rather than the library's chunked transfer: every mirror and proxy has it. Its own plain stream passes
 * on no more of an error than its text.
 *
 * @param onProgress called with the bytes received so far
 */
export async function downloadTo(
  path: string,
  { repo, commit }: HubSnapshot,
  file: string,
  connection: HubConnection,
  onProgress: (received: number) => void,
): Promise<void> {
  const { fileDownloadInfo } = await import('@huggingface/hub');
  const place = { repo, path: file, revision: commit };
  const found = await fileDownloadInfo({ ...commonParameters(connection), ...place });
  if (!found) throw new DownloadError(`the hub has no ${file} there`);

  const silence = new AbortController();
  const stalled = (): void => {
    silence.abort(new DownloadError(`no data for ${connection.stallTimeout / 1000} s`));
  };
  const watchdog = setTimeout(stalled, connection.stallTimeout);
  let output: FileHandle | undefined;
  try {
    output = await open(path, 'wx');
    const response = await connection.fetch(found.url, { signal: silence.signal });
    if (!response.ok) throw new DownloadError(`the hub answered with status ${response.status}`);
    let received = 0;
    for await (const chunk of response.body ?? []) {
      watchdog.refresh();
      await output.writeFile(chunk);
      received += chunk.byteLength;
      onProgress(received);
    }
    await output.sync();
  } finally {
    clearTimeout(watchdog);
    silence.abort();
    await output?.close();
  }
}

/** Parameters of every call of the library that asks a question. */
function commonParameters({ hubUrl, fetch, answerTimeout }: HubConnection): {
  hubUrl: string;
  fetch: Fetch;
} {
  return {
    hubUrl,
    fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(answerTimeout) }),
  };
}
