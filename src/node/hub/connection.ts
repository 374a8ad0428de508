import { withAccess } from './access.js';
import type { HubConnection } from './download.js';
import { hubAddress, type Environment } from './environment.js';
import { findToken } from './token.js';

/** How the hub is to be reached. */
export interface ConnectionRequest {
  /** What is asked for, "owner/name". */
  readonly repo: string;
  readonly env: Environment;
  /** Longest wait for an answer of the hub, in milliseconds. Default: 5000. */
  readonly answerTimeout?: number | undefined;
  /** Longest silence within a download, in milliseconds. Default: 30000. */
  readonly stallTimeout?: number | undefined;
}

/**
 * Calls `use` with the way to the hub that the environment names, and with the person's token for it.
 * @throws DownloadError if what the environment says makes no sense; else whatever `use` throws
 */
export async function connected<T>(
  { repo, env, answerTimeout = 5000, stallTimeout = 30_000 }: ConnectionRequest,
  use: (connection: HubConnection) => Promise<T>,
): Promise<T> {
  const hubUrl = hubAddress(env);
  const token = await findToken(env);
  // Loaded when something is downloaded, and not before: undici is large.
  const { openNetwork } = await import('./network.js');
  const network = openNetwork();
  try {
    const fetch = withAccess(network.fetch, hubUrl, repo, token);
    return await use({ hubUrl, fetch, answerTimeout, stallTimeout });
  } finally {
    await network.close();
  }
}
