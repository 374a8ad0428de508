import { causesOf, failureInWords, unknownAuthority } from '../files/failure-in-words.js';
import type { HubFile } from './download.js';
import { hubAddress, type Environment } from './environment.js';
import { DownloadError } from './failure.js';
import { inWords, proxyFor, type Proxy } from './proxy.js';

/** Of a download, for the middle of a sentence. */
export interface FailedDownload {
  readonly why: string;
  /** What a person can do, if it is not simply to try again where the network is better. */
  readonly remedy: string | undefined;
}

/** What is to be said of a download that ended with this error. */
export function failedDownload(error: unknown, { repo, file }: HubFile, env: Environment): FailedDownload {
  const { path } = Object(error) as NodeJS.ErrnoException;
  const proxy = path === undefined ? proxyTo(env) : undefined;
  const way = proxy ? ` through ${inWords(proxy)}` : '';
  const reason = failureInWords(error) + (path === undefined ? '' : `: ${path}`);
  return {
    why: `the download of ${file} from ${repo}${way} failed (${reason})`,
    remedy: remedyOf(error, proxy),
  };
}

/** The proxy on the way to the hub, if the environment names both so that they can be understood. */
function proxyTo(env: Environment): Proxy | undefined {
  try {
    return proxyFor(hubAddress(env));
  } catch {
    return undefined; // that is then what failed
  }
}

function remedyOf(error: unknown, proxy: Proxy | undefined): string | undefined {
  // A company that looks into what its people download signs it itself.
  if (failureInWords(error) === unknownAuthority) {
    return "set NODE_EXTRA_CA_CERTS to a file with the certificate of your network's authority";
  }
  const causes = causesOf(error);
  for (const cause of causes) {
    if (cause instanceof DownloadError && cause.remedy !== undefined) return cause.remedy;
  }
  return proxy && causes.some(isOfConnection) ? remedyOfProxy(proxy) : undefined;
}

/** As opposed to an answer of the hub. */
function isOfConnection({ name, message }: Record<string, unknown>): boolean {
  return name === 'TimeoutError' || message === 'fetch failed';
}

function remedyOfProxy({ variable }: Proxy): string {
  return `set ${variable} to an address such as http://NAME:PASSWORD@proxy.example.org:3128, or name the hub's host in NO_PROXY`;
}
