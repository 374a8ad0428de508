import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What the hub does with the request for the bytes. */
export type Behaviour =
  'good' | 'corrupt' | 'short' | 'dies' | 'stalls' | 'hangs' | 'missing' | 'no checksum';

export const repo = 'timm/tiny.test';
export const file = 'model.safetensors';
export const commit = 'c'.repeat(40);

/**
 * A hub on this machine with one file, in a repository that is stored in the chunked way: it answers what
 * the library asks in the words of the real one, and records the requests.
 */
export class MockHub {
  readonly requests: string[] = [];
  behaviour: Behaviour = 'good';
  oid: string;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  constructor(private readonly contents: Buffer) {
    this.oid = createHash('sha256').update(contents).digest('hex');
    this.server = createServer((request, response) => {
      this.answer(request, response);
    });
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url!, 'http://hub');
    this.requests.push(`${request.method} ${pathname}`);
    request.resume();
    if (this.behaviour === 'hangs') return;
    if (pathname === `/api/models/${repo}/revision/main` && this.behaviour !== 'missing') {
      json(response, { _id: '1', id: repo, sha: commit });
    } else if (pathname === `/api/models/${repo}/paths-info/${commit}`) {
      const lfs = { oid: this.oid, size: this.contents.length, pointerSize: 134 };
      json(response, [{ type: 'file', path: file, ...(this.behaviour === 'no checksum' ? {} : { lfs }) }]);
    } else if (pathname === `/${repo}/resolve/${commit}/${file}`) {
      if (request.headers.range === 'bytes=0-0') this.describe(response);
      else response.writeHead(302, { location: '/bytes' }).end();
    } else if (pathname === '/bytes') {
      this.send(response);
    } else {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"Repository not found"}');
    }
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
