import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { DownloadError } from './failure.js';

// What the variables of the Hugging Face tools say, as those tools read them.

/** Environment variables, as in `process.env`; an empty one counts as unset. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The folder of the tools, which holds the cache and the token. */
export function hubHome(env: Environment): string {
  if (env['HF_HOME']) return expand(env['HF_HOME']);
  return join(expand(env['XDG_CACHE_HOME'] || join('~', '.cache')), 'huggingface');
}

/** The cache folder as the official tools choose it. */
export function hubCacheFolder(env: Environment): string {
  const explicit = env['HF_HUB_CACHE'] || env['HUGGINGFACE_HUB_CACHE'];
  return explicit ? expand(explicit) : join(hubHome(env), 'hub');
}

/** True when the person has told the Hugging Face tools to stay off the network. */
export function isHubOffline(env: Environment): boolean {
  return isOn(env['HF_HUB_OFFLINE'] || env['TRANSFORMERS_OFFLINE']);
}

/**
 * The hub's address, or a mirror's, without a slash at its end.
 * @throws DownloadError if HF_ENDPOINT is no address
 */
export function hubAddress(env: Environment): string {
  const address = (env['HF_ENDPOINT'] || 'https://huggingface.co').replace(/\/+$/, '');
  if (/^https?:/i.test(address) && URL.canParse(address) && !new URL(address).username) return address;
  throw new DownloadError(
    `HF_ENDPOINT is "${withoutCredentials(address)}", which is no address of a hub`,
    'set HF_ENDPOINT to an address such as https://huggingface.co',
  );
}

/** An address, or what is taken for one, as it may be shown. */
export function withoutCredentials(address: string): string {
  return address.replace(/^(\w+:\/\/)?.*@/s, '$1…@');
}

/** A variable that is a switch. */
export function isOn(value: string | undefined): boolean {
  return ['1', 'ON', 'YES', 'TRUE'].includes((value ?? '').toUpperCase());
}

/** An absolute path; a tilde stands for the person's own folder. */
export function expand(path: string): string {
  return resolve(path.replace(/^~(?=$|[/\\])/, homedir()));
}
