import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vitrine, type Outcome } from '../cli/command.js';
import { writePictures } from '../support/many-pictures.js';

/* Pictures and results in object storage: a server that knows as much of its protocol as is needed. */

const root = mkdtempSync(join(tmpdir(), 'vitrine-storage-'));
const objects = new Map<string, Buffer>();
let server: Server;
let env: NodeJS.ProcessEnv;
/** Of a page of a listing, so that there are several. */
const PAGE = 3;

beforeAll(async () => {
  await writePictures(join(root, 'pictures'), 8, 8);
  server = createServer((request, response) => {
    void answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  env = {
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'nowhere',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  for (const name of readdirSync(join(root, 'pictures'))) {
    objects.set(`data/in/${name}`, readFileSync(join(root, 'pictures', name)));
  }
  objects.set('data/in/notes.txt', Buffer.from('no picture'));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(root, { recursive: true });
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  const { pathname, searchParams } = new URL(request.url!, 'http://here');
  const name = decodeURIComponent(pathname.slice(1));
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const end = (status: number, body: string | Buffer = '') => response.writeHead(status).end(body);
  if (searchParams.has('list-type')) return end(200, listed(name.replace(/\/$/, ''), searchParams));
  if (request.method === 'PUT') {
    objects.set(name, plain(Buffer.concat(chunks), request));
    return end(200);
  }
  if (request.method === 'DELETE') {
    objects.delete(name);
    return end(204);
  }
  const found = objects.get(name);
  if (found) return end(200, found);
  end(
    404,
    '<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>There is no such key.</Message></Error>',
  );
}

/** The SDK may send a body in pieces that each say how long they are. */
function plain(body: Buffer, { headers }: IncomingMessage): Buffer {
  if (!(headers['content-encoding'] ?? '').includes('aws-chunked')) return body;
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const line = body.indexOf('\r\n', at);
    const length = parseInt(body.toString('latin1', at, line), 16);
    if (length === 0) return Buffer.concat(parts);
    parts.push(body.subarray(line + 2, line + 2 + length));
    at = line + 4 + length;
  }
}

function listed(bucket: string, asked: URLSearchParams): string {
  const prefix = `${bucket}/${asked.get('prefix') ?? ''}`;
  const after = asked.get('continuation-token') ?? '';
  const names = [...objects.keys()].filter((name) => name.startsWith(prefix) && name > after).sort();
  const page = names.slice(0, PAGE);
  const more = names.length > PAGE;
  const contents = page
    .map((name) => `<Contents><Key>${name.slice(bucket.length + 1)}</Key></Contents>`)
    .join('');
  const next = more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
  return `<?xml version="1.0"?><ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${contents}</ListBucketResult>`;
}

const batch = (...args: string[]): Promise<Outcome> =>
  vitrine(
    ['batch', ...args, '--model', 'vit_scenes_patch8_72', '--device', 'native', '--method', 'rollout'],
    { cwd: root, env },
  );

const unnamed = (table: string): string =>
  table.replaceAll(/"picture":"[^"]*\//g, '"picture":"').replaceAll(/"error":"[^"]*"/g, '');

test('pictures and results at addresses are the same as in folders', async () => {
  expect((await batch('pictures', '--out', 'here')).status).toBe(1);
  const { status, stdout, stderr } = await batch(
    's3://data/in',
    '--out',
    's3://data/out',
    '--write',
    'json,npy,png',
  );
  expect({ status, stderr }).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('s3://data/in/p00007.png is damaged') as unknown,
  });
  expect(stdout).toContain('written: s3://data/out/table.jsonl');
  const table = objects.get('data/out/table.jsonl')!.toString();
  const told = unnamed(table).replaceAll(/,"file":"[^"]*"|,"array":\{[^}]*\}|"key":"[^"]*",/g, '');
  const here = readFileSync(join(root, 'here', 'table.jsonl'), 'utf8');
  expect(told).toBe(unnamed(here).replaceAll(/"key":"[^"]*",/g, ''));
  expect([...objects.keys()].filter((name) => name.endsWith('.rollout.png'))).toHaveLength(7);
  expect(objects.has('data/out/maps/00000.npy')).toBe(true);
  // Again: nothing is done again.
  const again = await batch('s3://data/in', '--out', 's3://data/out', '--write', 'json,npy,png');
  expect(again.stdout).toContain('8 results are there already');
  expect(objects.get('data/out/table.jsonl')!.toString()).toBe(table);
}, 120_000);

test('what cannot be had is told of', async () => {
  const one = await batch('s3://data/in/p00000.png', 's3://data/in/none.png', '--out', 'one');
  expect(one.status).toBe(1);
  expect(one.stderr).toContain('s3://data/in/none.png cannot be read: There is no such key.');
  expect((await batch('s3://data/empty/', '--out', 'none')).stderr).toContain(
    'There is no picture in s3://data/empty/.',
  );
}, 60_000);
