import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Certificate } from './certificate.js';

/** What the hub does with the request for the bytes. */
export type Behaviour =
  'good' | 'corrupt' | 'short' | 'dies' | 'stalls' | 'hangs' | 'missing' | 'no checksum';

export const repo = 'timm/tiny.test';
export const file = 'model.safetensors';
export const commit = 'c'.repeat(40);

/**
 * A hub on this machine with one repository: it answers what the library asks in the words of the real one, and records the
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
  private claimed: string | undefined;
  /** The repository's branches and tags. */
  readonly revisions = new Map([['main', commit]]);
  /** What lies in the repository; weights are stored apart, as large files are, all else by git. */
  readonly files: Map<string, Buffer>;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  /** @param certificate to be reached by https, at localhost */
  constructor(
    contents: Buffer,
    private readonly certificate?: Certificate,
  ) {
    this.files = new Map([[file, contents]]);
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
    if (this.behaviour === 'hangs') {
      request.resume();
      return;
    }
    const refusal = pathname.startsWith('/bytes/') ? undefined : this.refusal(authorization);
    if (refusal) {
      const body = JSON.stringify({ error: refusal === 401 ? 'Invalid username or password.' : 'Gated.' });
      response.writeHead(refusal, { 'content-type': 'application/json' }).end(body);
    } else if (this.behaviour !== 'missing' && this.commitOf(pathname) !== undefined) {
      json(response, { _id: '1', id: repo, sha: this.commitOf(pathname) });
    } else if (pathname === `/api/models/${repo}/paths-info/${commit}`) {
      void text(request).then((body) => {
        const { paths } = JSON.parse(body) as { readonly paths: readonly string[] };
        json(
          response,
          paths.filter((path) => this.files.has(path)).map((path) => this.info(path)),
        );
      });
      return;
    } else if (this.files.has(pathname.replace(resolving, ''))) {
      const path = pathname.replace(resolving, '');
      if (!isWeights(path)) this.sendSmall(path, request, response);
      else if (this.chunked && request.headers.range === 'bytes=0-0') this.describe(path, response);
      else response.writeHead(302, { location: `${this.storage}/bytes/${path}` }).end();
    } else if (pathname.startsWith('/bytes/')) {
      const path = pathname.replace('/bytes/', '');
      if (request.headers.range === 'bytes=0-0') this.sendFirst(path, response);
      else this.send(path, response);
    } else {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"Repository not found"}');
    }
    request.resume();
  }

  /** What the question after a revision is to be answered with; undefined if it is none, or nobody knows it. */
  private commitOf(pathname: string): string | undefined {
    const question = `/api/models/${repo}/revision/`;
    if (!pathname.startsWith(question)) return undefined;
    const asked = decodeURIComponent(pathname.slice(question.length));
    return asked === commit ? commit : this.revisions.get(asked);
  }

  private info(path: string): unknown {
    const bytes = this.files.get(path)!;
    const common = { type: 'file', path, size: bytes.length };
    if (this.behaviour === 'no checksum') return common;
    if (!isWeights(path)) return { ...common, oid: gitName(bytes) };
    const lfs = { oid: this.oidOf(path), size: bytes.length, pointerSize: 134 };
    return { ...common, oid: 'd'.repeat(40), lfs };
  }

  /** The checksum of the weights, or what it says of them. */
  get oid(): string {
    return this.oidOf(file);
  }

  set oid(claimed: string) {
    this.claimed = claimed;
  }

  private oidOf(path: string): string {
    return this.claimed ?? createHash('sha256').update(this.files.get(path)!).digest('hex');
  }

  private refusal(authorization: string | undefined): 401 | 403 | undefined {
    if (!this.tokens) return undefined;
    const position = this.tokens.findIndex((token) => authorization === `Bearer ${token}`);
    return position === 0 ? undefined : position < 0 ? 401 : 403;
  }

  private describe(path: string, response: ServerResponse): void {
    response.writeHead(200, {
      'content-type': 'application/vnd.xet-fileinfo+json',
      'x-linked-size': String(this.files.get(path)!.length),
      'x-linked-etag': `"${this.oidOf(path)}"`,
      'x-xet-hash': 'a'.repeat(64),
      link: '<http://127.0.0.1:9/r>; rel="xet-reconstruction-info", <http://127.0.0.1:9/a>; rel="xet-auth"',
    });
    response.end('{}');
  }

  /** As the storage's cache answers, which the library then asks directly. */
  private sendFirst(path: string, response: ServerResponse): void {
    const bytes = this.files.get(path)!;
    response.writeHead(206, {
      'content-range': `bytes 0-0/${bytes.length}`,
      etag: `"${this.oidOf(path)}"`,
      'x-cache': 'Hit from cloudfront',
    });
    response.end(bytes.subarray(0, 1));
  }

  /** What git has, the hub sends itself. */
  private sendSmall(path: string, { headers }: IncomingMessage, response: ServerResponse): void {
    const bytes = Buffer.from(this.files.get(path)!);
    const etag = `"${gitName(bytes)}"`;
    if (headers.range === 'bytes=0-0') {
      response.writeHead(206, { 'content-range': `bytes 0-0/${bytes.length}`, etag });
      response.end(bytes.subarray(0, 1));
      return;
    }
    if (this.behaviour === 'corrupt') bytes[bytes.length - 1] ^= 1;
    response.writeHead(200, { etag }).end(bytes);
  }

  private send(path: string, response: ServerResponse): void {
    const contents = this.files.get(path)!;
    const half = contents.subarray(0, contents.length / 2);
    if (this.behaviour === 'short') {
      response.end(half);
    } else if (this.behaviour === 'dies' || this.behaviour === 'stalls') {
      response.writeHead(200, { 'content-length': contents.length });
      response.write(half, () => {
        if (this.behaviour === 'dies') setTimeout(() => response.destroy(), 50);
      });
    } else {
      const bytes = Buffer.from(contents);
      if (this.behaviour === 'corrupt') bytes[bytes.length - 1] ^= 1;
      response.end(bytes);
    }
  }
}

const resolving = `/${repo}/resolve/${commit}/`;

function isWeights(path: string): boolean {
  return /\.(safetensors|bin)$/.test(path);
}

/** What git calls a file of these contents. */
function gitName(bytes: Buffer): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
