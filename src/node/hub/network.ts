import { Agent, fetch, Pool, ProxyAgent } from 'undici';
import type { Dispatcher } from 'undici';
import type { Fetch } from './access.js';
import { DownloadError } from './failure.js';
import { credentialsOf, proxyFor, type Proxy } from './proxy.js';

// Node's own `fetch` takes no proxy from the environment, and no agent of another undici than its own.

/** The way to the hub and to whatever that leads to. */
export interface Network {
  readonly fetch: Fetch;
  /** Breaks off what is still under way: an answer that nobody waits for any more would keep the process. */
  close(): Promise<void>;
}

/** Goes through the proxies of the environment: for each server that a request is led to, the one for that. */
export function openNetwork(): Network {
  const dispatcher = new Agent({
    factory(origin, options) {
      const proxy = proxyFor(String(origin));
      return proxy ? throughProxy(proxy) : new Pool(origin, options);
    },
  });
  // Undici does not notice when its first connection is closed at once, and no timeout of a signal keeps the process.
  const awake = setInterval(() => undefined, 60_000);
  type Undici = typeof fetch;
  const proxied: Undici = (input, init) => fetch(input, { ...init, dispatcher });
  return {
    // The same interface by the standard, in other words.
    fetch: proxied as unknown as Fetch,
    close() {
      clearInterval(awake);
      return dispatcher.destroy();
    },
  };
}

function throughProxy(proxy: Proxy): Dispatcher {
  const credentials = credentialsOf(proxy);
  return new ProxyAgent({
    uri: proxy.url.origin,
    ...(credentials === undefined ? {} : { token: credentials }),
    // Many proxies open a tunnel for TLS only; they are asked for plain HTTP by its whole address.
    proxyTunnel: false,
    clientFactory: (address, options) => new Tunnels(address, options),
  });
}

/** Connections to a proxy that opens tunnels. Of one that does not, undici keeps the answer to itself. */
class Tunnels extends Pool {
  override async connect(
    options: Omit<Dispatcher.ConnectOptions, 'origin'>,
  ): Promise<Dispatcher.ConnectData> {
    const answer = await super.connect(options).catch((cause: unknown) => {
      // Without a code of its own: what is only broken off, undici would try again without end.
      throw new DownloadError('the proxy does not answer as one', undefined, { cause });
    });
    if (answer.statusCode === 200) return answer;
    answer.socket.destroy();
    const wish = answer.statusCode === 407 ? 'wants a name and a password' : 'refuses';
    throw new DownloadError(`the proxy ${wish}, status ${answer.statusCode}`);
  }
}
