import { WeightsError } from '../errors.js';
import type { KeptFiles } from './kept-files.js';
import { sha256Of } from './sha256.js';

/** A file of a repository of the Hugging Face hub. */
export interface HubFile {
  /** "owner/name" */
  readonly repo: string;
  readonly file: string;
}

/** What the hub says of a file. */
export interface HubFileInfo {
  /** In bytes. */
  readonly size: number;
  /** Of the file as it is at this address, which names a commit. */
  readonly address: string;
  /** In hexadecimal. */
  readonly sha256: string;
}

const hub = 'https://huggingface.co';

/**
 * Asks the hub for a file's size and checksum.
 * @throws WeightsError if it cannot be reached, or has no such file
 */
export async function askHub({ repo, file }: HubFile, signal?: AbortSignal): Promise<HubFileInfo> {
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${hub}/api/models/${repo}/${path}`, {
      credentials: 'omit',
      ...(signal === undefined ? {} : { signal }),
      ...(body === undefined ? {} : { method: 'POST', headers: jsonHeaders, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`it answers ${response.status}`);
    return response.json();
  };
  try {
    const { sha } = (await ask('revision/main')) as { readonly sha: string };
    const found = (await ask(`paths-info/${sha}`, { paths: [file] })) as readonly ToldFile[];
    const lfs = found.find(({ path }) => path === file)?.lfs;
    if (!lfs) throw new Error(`it tells no checksum of ${file}`);
    return { size: lfs.size, sha256: lfs.oid, address: `${hub}/${repo}/resolve/${sha}/${file}` };
  } catch (error) {
    signal?.throwIfAborted();
    throw failed(repo, error);
  }
}

const jsonHeaders = { 'content-type': 'application/json' };

/** What the hub tells of a file. */
interface ToldFile {
  readonly path: string;
  readonly lfs?: { readonly oid: string; readonly size: number };
}

/**
 * A file of the hub: the one that is kept, else downloaded, compared with the hub's checksum, and kept.
 * @param onProgress called with the bytes received so far, and all
 * @throws WeightsError if it cannot be had, or is damaged; the signal's reason
 */
export async function fetchFromHub(
  file: HubFile,
  kept: KeptFiles,
  onProgress: (received: number, total: number) => void,
  signal?: AbortSignal,
): Promise<{ readonly blob: Blob; readonly sha256: string; readonly address: string }> {
  const known = await keptAddress(file, kept);
  const found = known === undefined ? undefined : await kept.find(known);
  if (known !== undefined && found) return { blob: found, ...partsOf(known) };
  const info = await askHub(file, signal);
  const { address, sha256 } = info;
  const blob = await download(file, info, onProgress, signal);
  await kept.keep(`${address}?sha256=${sha256}`, blob);
  return { blob, sha256, address };
}

/** Where a file of the hub is kept, whatever commit it is of: then nobody need be asked. */
export async function keptAddress({ repo, file }: HubFile, kept: KeptFiles): Promise<string | undefined> {
  const addresses = await kept.list();
  return addresses.find((address) => {
    const [, commit, path] = address.replace(/\?.*$/, '').split(/\/resolve\/([^/]+)\//);
    return address.startsWith(`${hub}/${repo}/resolve/`) && commit !== '' && path === file;
  });
}

/** The checksum that it had when it was kept stands behind the address. */
function partsOf(known: string): { readonly address: string; readonly sha256: string } {
  const [address, sha256 = ''] = known.split('?sha256=');
  return { address, sha256 };
}

async function download(
  { repo, file }: HubFile,
  { address, sha256, size }: HubFileInfo,
  onProgress: (received: number, total: number) => void,
  signal?: AbortSignal,
): Promise<Blob> {
  const bytes = new Uint8Array(size);
  let received = 0;
  try {
    const response = await fetch(address, {
      credentials: 'omit',
      ...(signal === undefined ? {} : { signal }),
    });
    if (!response.ok || !response.body) throw new Error(`it answers ${response.status}`);
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (received + value.length > size) throw new Error('it sends more than it said');
      bytes.set(value, received);
      received += value.length;
      onProgress(received, size);
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw failed(repo, error);
  }
  if (received !== size || (await sha256Of(bytes)) !== sha256) {
    throw new WeightsError(
      `The download of ${file} from ${repo} does not have the hub's checksum and was thrown away: try again.`,
    );
  }
  return new Blob([bytes]);
}

function failed(repo: string, error: unknown): WeightsError {
  const why = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
  return new WeightsError(
    `Cannot get ${repo} from the Hugging Face hub: ${why}; see whether this machine has network, or drop the file on the page.`,
    { cause: error },
  );
}
