import { getProxyForUrl } from 'proxy-from-env';
import { withoutCredentials } from './environment.js';
import { DownloadError } from './failure.js';

/** A proxy that the environment wants used. */
export interface Proxy {
  readonly url: URL;
  /** The variable that names it. */
  readonly variable: string;
}

/**
 * The proxy on the way to an address, as HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY of this process say, in capital
 * or small letters.
 * @throws DownloadError if what such a variable holds is no address of a proxy
 */
export function proxyFor(address: string): Proxy | undefined {
  // The library knows NO_PROXY; it does not tell which variable it took, and takes "host:port" for TLS.
  if (!getProxyForUrl(address)) return undefined;
  const scheme = new URL(address).protocol.slice(0, -1);
  const names = [`${scheme}_proxy`, 'all_proxy'].flatMap((name) => [name, name.toUpperCase()]);
  const variable = names.find((name) => process.env[name])!;
  const value = process.env[variable]!;
  return { url: proxyUrl(value, variable), variable };
}

/** In the middle of a sentence, without the password. */
export function inWords({ url, variable }: Proxy): string {
  return `the proxy ${url.protocol}//${url.host} of ${variable}`;
}

/** What the proxy wants to know of the person, as a header's value. */
export function credentialsOf({ url: { username, password } }: Proxy): string | undefined {
  if (username === '') return undefined;
  const text = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

function proxyUrl(value: string, variable: string): URL {
  const address = value.includes('://') ? value : `http://${value}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url && /^https?:$/.test(url.protocol) && isEncoded(url.username) && isEncoded(url.password)) return url;
  throw new DownloadError(
    `${variable} is "${withoutCredentials(value)}", which is no address of an HTTP proxy`,
    `set ${variable} to an address such as http://proxy.example.org:3128 or http://NAME:PASSWORD@proxy.example.org:3128`,
  );
}

/** False for a per cent sign that begins no character. */
function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
