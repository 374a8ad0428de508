import { createServer, request as ask } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A proxy on this machine: it opens tunnels, fetches what is asked for by its whole address, and records both. */
export class MockProxy {
  readonly requests: string[] = [];
  /** What it wants to hear before it does anything, "name:password". */
  credentials: string | undefined;
  /** A status with which it turns everybody away, or that it hangs up on them. */
  refuses: number | 'hangs up' | undefined;
  private readonly sockets = new Set<Duplex>();
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      this.fetch(request, response);
    });
    this.server.on('connect', (request: IncomingMessage, socket: Duplex) => {
      this.tunnel(request, socket);
    });
    this.server.on('connection', (socket: Socket) => {
      this.keep(socket);
    });
  }

  /** "host:port" */
  async start(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }

  private refusal(request: IncomingMessage): number | 'hangs up' | undefined {
    this.requests.push(`${request.method} ${request.url}`);
    const shown = request.headers['proxy-authorization'];
    const wanted = this.credentials && `Basic ${Buffer.from(this.credentials).toString('base64')}`;
    return this.refuses ?? (shown === wanted ? undefined : 407);
  }

  private tunnel(request: IncomingMessage, socket: Duplex): void {
    const refusal = this.refusal(request);
    if (refusal === 'hangs up') {
      socket.destroy();
    } else if (refusal) {
      socket.end(`HTTP/1.1 ${refusal} No\r\nproxy-authenticate: Basic realm="proxy"\r\n\r\n`);
    } else {
      const { hostname, port } = new URL(`http://${request.url}`);
      const far = connect(Number(port), hostname, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        far.pipe(socket).pipe(far);
      });
      this.keep(far);
    }
  }

  private fetch(request: IncomingMessage, response: ServerResponse): void {
    const refusal = this.refusal(request);
    if (refusal === 'hangs up') {
      request.socket.destroy();
    } else if (refusal) {
      response.writeHead(refusal, { 'proxy-authenticate': 'Basic realm="proxy"' }).end();
    } else {
      const headers = { ...request.headers };
      delete headers['proxy-authorization'];
      const onward = ask(request.url!, { method: request.method!, headers }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      });
      request.pipe(onward);
    }
  }

  private keep(socket: Duplex): void {
    this.sockets.add(socket);
    // What either side breaks off ends with the other.
    socket.on('error', () => undefined);
  }
}
