import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WeightsError } from '../../src/errors.js';
import { downloadProgress } from '../../src/node/hub/progress.js';
import { hubCacheFolder, isHubOffline } from '../../src/node/hub/environment.js';
import { findWeights, findWeightsHere } from '../../src/node/models/weights.js';
import type { WeightsRequest } from '../../src/node/models/weights.js';
import { Holder } from '../support/holder.js';
import { commit, file, MockHub, repo } from './mock-hub.js';

/** A safetensors file with one tensor of these values. */
function checkpointBytes(values: Float32Array<ArrayBuffer>): Buffer {
  const entry = { dtype: 'F32', shape: [values.length], data_offsets: [0, values.byteLength] };
  const header = Buffer.from(JSON.stringify({ w: entry }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.from(values.buffer)]);
}

// Large enough for several pieces on the wire.
const contents = checkpointBytes(Float32Array.from({ length: 100_000 }, (_, i) => i));

let folder: string;
let hub: MockHub;
let hubUrl: string;
let progress: [number, number][];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-weights-'));
  hub = new MockHub(contents);
  hubUrl = await hub.start();
  progress = [];
});

afterEach(async () => {
  await hub.stop();
  await rm(folder, { recursive: true, force: true });
});

const repoFolder = (): string => join(folder, 'hf', 'hub', 'models--timm--tiny.test');
const snapshot = (): string => join(repoFolder(), 'snapshots', commit, file);
const request = (change: Partial<WeightsRequest> = {}): WeightsRequest => ({
  model: 'tiny',
  hub: { repo, file },
  weightsFolder: join(folder, 'weights'),
  env: { HF_HOME: join(folder, 'hf'), HF_ENDPOINT: `${hubUrl}/` },
  onProgress: (received, total) => progress.push([received, total]),
  ...change,
});

async function messageOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WeightsError);
  return (error as Error).message;
}

/** All that is not a folder below the cache. */
function filesInCache(): string[] {
  if (!existsSync(join(folder, 'hf'))) return [];
  const entries = readdirSync(join(folder, 'hf'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
}

function expectThreeWays(message: string): void {
  expect(message).toContain('--weights FILE');
  expect(message).toContain(join(folder, 'weights', 'tiny.safetensors'));
  expect(message).toContain(join(folder, 'hf', 'hub'));
  expect(message.match(/\. /g)).toBeNull();
}

describe('the order of search', () => {
  const put = async (path: string): Promise<string> => {
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, contents);
    return path;
  };

  test('an explicit file, then the weights folder, then the cache, then a download', async () => {
    const explicit = await put(join(folder, 'mine.safetensors'));
    const local = await put(join(folder, 'weights', 'tiny.safetensors'));
    const cached = await put(snapshot());
    expect(await findWeights(request({ explicit }))).toEqual({ path: explicit, origin: 'explicit' });
    expect(await findWeights(request())).toEqual({ path: local, origin: 'weights folder' });
    await rm(local);
    expect(await findWeights(request())).toEqual({ path: cached, origin: 'cache' });
    expect(hub.requests).toEqual([]);
    await rm(cached);
    expect(await findWeights(request())).toEqual({ path: cached, origin: 'download' });
  });

  test('what is here is found without asking the hub, and so is that there is nothing', async () => {
    expect(await findWeightsHere(request())).toBeUndefined();
    expect(await findWeightsHere(request({ hub: undefined }))).toBeUndefined();
    const cached = await put(snapshot());
    expect(await findWeightsHere(request())).toEqual({ path: cached, origin: 'cache' });
    const local = await put(join(folder, 'weights', 'tiny.safetensors'));
    expect(await findWeightsHere(request())).toEqual({ path: local, origin: 'weights folder' });
    expect(hub.requests).toEqual([]);
  });

  test('an explicit file that is missing or a folder is an error, whatever else there is', async () => {
    await put(join(folder, 'weights', 'tiny.safetensors'));
    const missing = await messageOf(findWeights(request({ explicit: join(folder, 'none.safetensors') })));
    expect(missing).toContain('none.safetensors": there is no such file');
    expect(await messageOf(findWeights(request({ explicit: folder })))).toContain('it is a folder');
    expect(await messageOf(findWeights(request({ explicit: '' })))).toContain('no such file');
    expect(hub.requests).toEqual([]);
  });

  test('the cached file of the main branch goes before others, the newest of the others before older ones', async () => {
    const [old, recent, main] = ['1', '2', '3'].map((digit) =>
      join(repoFolder(), 'snapshots', digit.repeat(40), file),
    );
    for (const [index, path] of [main, old, recent].entries()) {
      await put(path);
      await utimes(path, 1000 + index, 1000 + index);
    }
    expect((await findWeights(request())).path).toBe(recent);
    await put(join(repoFolder(), 'refs', 'main'));
    await writeFile(join(repoFolder(), 'refs', 'main'), `${'3'.repeat(40)}\n`);
    expect((await findWeights(request())).path).toBe(main);
  });

  test('a link in the cache that leads nowhere is not found', async () => {
    await mkdir(join(snapshot(), '..'), { recursive: true });
    await symlink('../../blobs/gone', snapshot());
    const found = await findWeights(request());
    expect(found.origin).toBe('download');
    expect(readFileSync(found.path).equals(contents)).toBe(true);
  });
});

describe('a download', () => {
  test('fills the cache as the other tools do, and is found there without network', async () => {
    const found = await findWeights(request());
    expect(found).toEqual({ path: snapshot(), origin: 'download' });
    expect(readFileSync(found.path).equals(contents)).toBe(true);
    expect(lstatSync(found.path).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(repoFolder(), 'blobs', hub.oid)).equals(contents)).toBe(true);
    expect(readFileSync(join(repoFolder(), 'refs', 'main'), 'utf8')).toBe(commit);
    expect(filesInCache().sort()).toEqual([hub.oid, 'main', file].sort());
    expect(progress[0]).toEqual([0, contents.length]);
    expect(progress.at(-1)).toEqual([contents.length, contents.length]);

    await hub.stop();
    expect(await findWeights(request())).toEqual({ path: snapshot(), origin: 'cache' });
  });

  test('is saved when the cache already holds the bytes under another snapshot', async () => {
    await findWeights(request());
    await rm(join(repoFolder(), 'snapshots'), { recursive: true });
    hub.requests.length = 0;
    expect((await findWeights(request())).path).toBe(snapshot());
    expect(hub.requests).not.toContain('GET /bytes/model.safetensors');
  });

  test('replaces bytes in the cache that do not have the checksum they are named by', async () => {
    await findWeights(request());
    await rm(join(repoFolder(), 'snapshots'), { recursive: true });
    await truncate(join(repoFolder(), 'blobs', hub.oid), 1000);
    expect(readFileSync((await findWeights(request())).path).equals(contents)).toBe(true);
  });

  test('removes what a killed process left behind, but not what a live one is writing', async () => {
    const blobs = join(repoFolder(), 'blobs');
    const snapshots = join(repoFolder(), 'snapshots', commit);
    for (const place of [blobs, snapshots]) await mkdir(place, { recursive: true });
    const [killed, live] = await Promise.all([Holder.start(folder), Holder.start(folder)]);
    const name = (holder: Holder): string => `.vitrine-${holder.name}-01234567.tmp`;
    for (const place of [blobs, snapshots]) {
      for (const holder of [killed, live]) await writeFile(join(place, name(holder)), 'x');
    }
    await utimes(join(blobs, name(live)), 1000, 1000);
    await killed.kill();
    await findWeights(request());
    await live.kill();
    expect(readdirSync(blobs).sort()).toEqual([hub.oid, name(live)].sort());
    expect(readdirSync(snapshots).sort()).toEqual([file, name(live)].sort());
  });

  test('two at once both succeed', async () => {
    const both = await Promise.all([findWeights(request()), findWeights(request())]);
    for (const { path } of both) expect(readFileSync(path).equals(contents)).toBe(true);
    expect(filesInCache()).toHaveLength(3);
  });
});

describe('a download that fails leaves nothing in the cache', () => {
  test('wrong bytes', async () => {
    hub.behaviour = 'corrupt';
    const message = await messageOf(findWeights(request()));
    expect(message).toContain(
      `instead of ${createHash('sha256').update(contents).digest('hex').slice(0, 12)}`,
    );
    expect(progress.at(-1)).toEqual([contents.length, contents.length]);
    expect(filesInCache()).toEqual([]);
  });

  test('an answer that ends early', async () => {
    hub.behaviour = 'short';
    const message = await messageOf(findWeights(request()));
    expect(message).toContain(`${contents.length >> 1} bytes instead of ${contents.length}`);
    expect(filesInCache()).toEqual([]);
  });

  test('a server that dies midway', async () => {
    hub.behaviour = 'dies';
    const message = await messageOf(findWeights(request()));
    expect(message).toContain('the connection was lost');
    expectThreeWays(message);
    expect(progress.length).toBeGreaterThan(1);
    expect(filesInCache()).toEqual([]);
  });

  test('a server that falls silent midway', async () => {
    hub.behaviour = 'stalls';
    const message = await messageOf(findWeights(request({ stallTimeout: 1000 })));
    expect(message).toContain('no data for 1 s');
    expect(progress.length).toBeGreaterThan(1);
    expect(filesInCache()).toEqual([]);
  });

  test.each([
    ['does not answer', 'hangs', 'no answer in time'],
    ['does not know the repository', 'missing', 'status 404'],
    ['has no checksum', 'no checksum', 'no checksum'],
  ] as const)('a hub that %s', async (_what, behaviour, reason) => {
    hub.behaviour = behaviour;
    const answerTimeout = behaviour === 'hangs' ? 300 : undefined;
    const message = await messageOf(findWeights(request({ answerTimeout })));
    expect(message).toContain(reason);
    expectThreeWays(message);
    expect(filesInCache()).toEqual([]);
  });

  test('a checksum that would lead out of the cache', async () => {
    hub.oid = '../../../../escaped';
    expect(await messageOf(findWeights(request()))).toContain('no checksum');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('no connection', async () => {
    await hub.stop();
    const message = await messageOf(findWeights(request()));
    expect(message).toContain('the connection was refused');
    expectThreeWays(message);
  });

  test('a cache that cannot be written', async () => {
    await writeFile(join(folder, 'hf'), 'a file where the cache should be');
    const message = await messageOf(findWeights(request()));
    expect(message).toContain(`a part of the path is not a folder: ${join(folder, 'hf')}`);
  });

  test('HF_HUB_OFFLINE, without asking', async () => {
    const env = { HF_HOME: join(folder, 'hf'), HF_ENDPOINT: hubUrl, HF_HUB_OFFLINE: '1' };
    const message = await messageOf(findWeights(request({ env })));
    expect(message).toContain('HF_HUB_OFFLINE');
    expectThreeWays(message);
    expect(hub.requests).toEqual([]);
  });
});

describe('the environment', () => {
  test.each([
    [{ HF_HUB_CACHE: '/a', HF_HOME: '/b' }, '/a'],
    [{ HUGGINGFACE_HUB_CACHE: '/c', HF_HOME: '/b' }, '/c'],
    [{ HF_HUB_CACHE: '', HF_HOME: '/b', XDG_CACHE_HOME: '/d' }, '/b/hub'],
    [{ HF_HOME: '~/hf' }, join(homedir(), 'hf', 'hub')],
    [{ XDG_CACHE_HOME: '/d' }, '/d/huggingface/hub'],
    [{}, join(homedir(), '.cache', 'huggingface', 'hub')],
  ])('%j puts the cache at %s', (env, expected) => {
    expect(hubCacheFolder(env)).toBe(expected);
  });

  test('offline is what the other tools take for true', () => {
    for (const value of ['1', 'true', 'YES', 'on'])
      expect(isHubOffline({ HF_HUB_OFFLINE: value })).toBe(true);
    for (const value of ['0', '', 'false']) expect(isHubOffline({ HF_HUB_OFFLINE: value })).toBe(false);
    expect(isHubOffline({})).toBe(false);
  });
});

describe('the progress on stderr', () => {
  const show = async (isTTY: boolean, done: boolean): Promise<string> => {
    let text = '';
    const stream = { isTTY, columns: 80, write: (piece: string) => (text += piece) } as never;
    const view = await downloadProgress('owner/name', stream);
    for (const received of [0, 1_000_000, 2_000_000]) view.update(received, 2_000_000);
    view.stop(done);
    return text;
  };

  test('two lines in a log', async () => {
    expect(await show(false, true)).toBe('Downloading owner/name (2.0 MB)\nDownloaded owner/name\n');
    expect(await show(false, false)).toBe('Downloading owner/name (2.0 MB)\n');
  });
});
