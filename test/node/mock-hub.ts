import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Certificate } from './certificate.js';

/** What the hub does with the request for the bytes. */
export type Behaviour =
  'good' | 'corrupt' | 'short' | 'dies' | 'stalls' | 'hangs' | 'missing' | 'no checksum';

export const repo = 'timm/tiny.test';
export const file = 'model.safetensors';
export const commit = 'c'.repeat(40);

/**
 * A hub on this machine with one file: it answers what the library asks in the words of the real one, and records the
 * requests.
 */
export class MockHub {
  readonly requests: string[] = [];
  /** What each request showed of who asks, or undefined. */
  readonly authorizations: (string | undefined)[] = [];
  behaviour: Behaviour = 'good';
  /** If set, the repository is a gated one: who asks must show one of the tokens, and the first alone may read it. */
  tokens: readonly string[] | undefined;
  /** The repository is stored in the newer, chunked way. */
  chunked = true;
  /** Address of the server that has the bytes; this one if left out. */
  storage = '';
  oid: string;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  /** @param certificate to be reached by https, at localhost */
  constructor(
    private readonly contents: Buffer,
    private readonly certificate?: Certificate,
  ) {
    this.oid = createHash('sha256').update(contents).digest('hex');
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      this.answer(request, response);
    };
    this.server = certificate ? createSecureServer(certificate, answer) : createServer(answer);
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    const { port } = this.server.address() as AddressInfo;
    return this.certificate ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url!, 'http://hub');
    const { authorization } = request.headers;
    this.requests.push(`${request.method} ${pathname}`);
    this.authorizations.push(authorization);
    request.resume();
    if (this.behaviour === 'hangs') return;
    const refusal = pathname === '/bytes' ? undefined : this.refusal(authorization);
    if (refusal) {
      const text = JSON.stringify({ error: refusal === 401 ? 'Invalid username or password.' : 'Gated.' });
      response.writeHead(refusal, { 'content-type': 'application/json' }).end(text);
    } else if (pathname === `/api/models/${repo}/revision/main` && this.behaviour !== 'missing') {
      json(response, { _id: '1', id: repo, sha: commit });
    } else if (pathname === `/api/models/${repo}/paths-info/${commit}`) {
      const lfs = { oid: this.oid, size: this.contents.length, pointerSize: 134 };
      json(response, [{ type: 'file', path: file, ...(this.behaviour === 'no checksum' ? {} : { lfs }) }]);
    } else if (pathname === `/${repo}/resolve/${commit}/${file}`) {
      if (this.chunked && request.headers.range === 'bytes=0-0') this.describe(response);
      else response.writeHead(302, { location: `${this.storage}/bytes` }).end();
    } else if (pathname === '/bytes') {
      if (request.headers.range === 'bytes=0-0') this.sendFirst(response);
      else this.send(response);
    } else {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"Repository not found"}');
    }
  }

  private refusal(authorization: string | undefined): 401 | 403 | undefined {
    if (!this.tokens) return undefined;
    const position = this.tokens.findIndex((token) => authorization === `Bearer ${token}`);
    return position === 0 ? undefined : position < 0 ? 401 : 403;
  }

  private describe(response: ServerResponse): void {
    response.writeHead(200, {
      'content-type': 'application/vnd.xet-fileinfo+json',
      'x-linked-size': String(this.contents.length),
      'x-linked-etag': `"${this.oid}"`,
      'x-xet-hash': 'a'.repeat(64),
      link: '<http://127.0.0.1:9/r>; rel="xet-reconstruction-info", <http://127.0.0.1:9/a>; rel="xet-auth"',
    });
    response.end('{}');
  }

  /** As the storage's cache answers, which the library then asks directly. */
  private sendFirst(response: ServerResponse): void {
    response.writeHead(206, {
      'content-range': `bytes 0-0/${this.contents.length}`,
      etag: `"${this.oid}"`,
      'x-cache': 'Hit from cloudfront',
    });
    response.end(this.contents.subarray(0, 1));
  }

  private send(response: ServerResponse): void {
    const half = this.contents.subarray(0, this.contents.length / 2);
    if (this.behaviour === 'short') {
      response.end(half);
    } else if (this.behaviour === 'dies' || this.behaviour === 'stalls') {
      response.writeHead(200, { 'content-length': this.contents.length });
      response.write(half, () => {
        if (this.behaviour === 'dies') setTimeout(() => response.destroy(), 50);
      });
    } else {
      const bytes = Buffer.from(this.contents);
      if (this.behaviour === 'corrupt') bytes[bytes.length - 1] ^= 1;
      response.end(bytes);
    }
  }
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
