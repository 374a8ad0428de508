import { DownloadError } from './failure.js';
import type { Token } from './token.js';

export type Fetch = typeof globalThis.fetch;

/**
 * A `fetch` that shows the hub who asks, and says what to do where the hub refuses.
 *
 * The token goes to the hub's own origin alone. The library's own parameter for it is not used: it would also send it
 * to a server that the hub points at, and insists on one form. `fetch` itself drops it where it is led elsewhere.
 *
 * @param hubUrl address of the hub
 * @param repo what is asked for, "owner/name"
 */
export function withAccess(fetch: Fetch, hubUrl: string, repo: string, token: Token | undefined): Fetch {
  const { origin } = new URL(hubUrl);
  const isHub = (url: string): boolean => URL.canParse(url) && new URL(url).origin === origin;
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    const address = input instanceof Request ? input.url : String(input);
    if (token && isHub(address)) headers.set('authorization', `Bearer ${token.value}`);
    const response = await fetch(input, { ...init, headers });
    if ((response.status === 401 || response.status === 403) && isHub(response.url)) {
      throw refusal(response.status, hubUrl, repo, token);
    }
    return response;
  };
}

function refusal(status: 401 | 403, hubUrl: string, repo: string, token: Token | undefined): DownloadError {
  const tokens = `${hubUrl}/settings/tokens`;
  if (!token) {
    return new DownloadError(
      `the hub wants a token for ${repo}, or has no such repository, status ${status}`,
      `set HF_TOKEN to a token from ${tokens} that may read ${repo}`,
    );
  }
  if (status === 401) {
    return new DownloadError(
      `the hub does not accept the token in ${token.source}, status 401`,
      `put a valid token from ${tokens} into ${token.source}, or none`,
    );
  }
  return new DownloadError(
    `the token in ${token.source} may not read ${repo}, status 403`,
    `ask for access at ${hubUrl}/${repo}, or put a token that has it into ${token.source}`,
  );
}
