import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { packageFolder } from '../cli/command.js';

const built = join(packageFolder, 'page', 'dist');

/** What any host knows by endings; nothing else is asked of one. */
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

export interface Served {
  readonly address: string;
  /** Paths of the files that were sent. */
  readonly sent: readonly string[];
  close(): void;
}

/**
 * Serves the built page as a static host does: below a path of its own, with no headers but types.
 * @param missing files that the host has lost
 */
export async function servePage(
  headers: Readonly<Record<string, string>> = {},
  missing?: RegExp,
): Promise<Served> {
  if (!existsSync(join(built, 'index.html')))
    throw new Error('The page is not built; run "npm run page:build".');
  const sent: string[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://host');
    const path = pathname.replace('/some/where/', '').replace(/^$/, 'index.html');
    const read = missing?.test(path) ? Promise.reject(new Error('It is lost.')) : readFile(join(built, path));
    read.then(
      (content) => {
        sent.push(path);
        response.writeHead(200, { 'content-type': types[extname(path)] ?? '', ...headers }).end(content);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/some/where/`,
    sent,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
