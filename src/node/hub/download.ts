import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Fetch } from './access.js';
import { DownloadError } from './failure.js';

/** A file of a repository on the hub. */
export interface HubFile {
  /** "owner/name" */
  readonly repo: string;
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
  /** Newest commit of the main branch. */
  readonly commit: string;
  /** Hash of the contents, 64 hexadecimal digits. */
  readonly sha256: string;
  /** In bytes. */
  readonly size: number;
}

/** Asks the hub for the newest commit, and for the size and the checksum of the file there. */
export async function fileInfo(target: HubFile, connection: HubConnection): Promise<HubFileInfo> {
  const { modelInfo, pathsInfo } = await import('@huggingface/hub');
  const { repo, file } = target;
  const common = commonParameters(connection);
  const { sha } = await modelInfo({ ...common, name: repo, revision: 'main', additionalFields: ['sha'] });
  // Both the commit and the checksum become parts of paths: a mirror must not choose where we write.
  if (!/^[0-9a-f]{40}$/.test(sha)) throw new DownloadError('the hub names no commit');
  const found = (await pathsInfo({ ...common, repo, revision: sha, paths: [file] })).at(0);
  if (!found) throw new DownloadError(`the hub has no ${file} there`);
  if (!found.lfs || !/^[0-9a-f]{64}$/.test(found.lfs.oid)) {
    throw new DownloadError(`the hub has no checksum for ${file}`);
  }
  return { commit: sha, sha256: found.lfs.oid, size: found.lfs.size };
}

/**
 * Writes the file to `path`, which must not exist. What is there after a failure is of no use.
 *
 * One plain stream rather than the library's chunked transfer: every mirror and proxy has it. Its own plain stream passes
 * on no more of an error than its text.
 *
 * @param onProgress called with the bytes received so far
 */
export async function downloadTo(
  path: string,
  target: HubFile,
  info: HubFileInfo,
  connection: HubConnection,
  onProgress: (received: number) => void,
): Promise<void> {
  const { fileDownloadInfo } = await import('@huggingface/hub');
  const { repo, file } = target;
  const place = { repo, path: file, revision: info.commit };
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
