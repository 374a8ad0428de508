import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { VitrineError } from '../../src/errors.js';
import { hubFolder, type HubFolderRequest } from '../../src/node/models/hub-folder.js';
import { parseHubReference } from '../../src/node/models/hub-reference.js';
import { commit, file, MockHub, repo } from './mock-hub.js';

const weights = Buffer.alloc(3000, 'weights');
const timm = Buffer.from('{"architecture": "vit_tiny_patch16_224"}');
const transformers = Buffer.from('{"model_type": "vit", "architectures": ["ViTModel"]}');
const preprocessor = Buffer.from('{"do_resize": true}');

let folder: string;
let hub: MockHub;
let env: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-hub-'));
  hub = new MockHub(weights);
  hub.files.set('config.json', timm);
  env = { HF_HOME: folder, HF_ENDPOINT: await hub.start() };
});
afterEach(async () => {
  await hub.stop();
  await rm(folder, { recursive: true, force: true });
});

const cached = (...path: string[]): string => join(folder, 'hub', 'models--timm--tiny.test', ...path);
const get = (revision?: string, change: HubFolderRequest = {}): Promise<string> =>
  hubFolder({ repo, revision }, { env, ...change });

async function refusal(revision?: string, change?: HubFolderRequest): Promise<string> {
  const error: unknown = await get(revision, change).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(VitrineError);
  expect((error as Error).message).toMatch(/^[^\n]*\.$/);
  return (error as Error).message;
}

describe('a repository', () => {
  test('is fetched into the cache of the Hugging Face tools, small files too by their checksums', async () => {
    hub.files.set('README.md', Buffer.from('not wanted'));
    const snapshot = await get();
    expect(snapshot).toBe(cached('snapshots', commit));
    expect((await readdir(snapshot)).sort()).toEqual(['config.json', file]);
    expect(readFileSync(join(snapshot, 'config.json'))).toEqual(timm);
    expect(readFileSync(join(snapshot, file))).toEqual(weights);
    expect(await readFile(cached('refs', 'main'), 'utf8')).toBe(commit);
    // The name that "git hash-object" gives it.
    expect((await readdir(cached('blobs'))).sort()).toEqual(
      ['e2c005e3c5238343bacf7055c59f80cb6fdeba19', hub.oid].sort(),
    );
  });

  test('is not asked for again, nor is the network needed then', async () => {
    await get();
    hub.requests.length = 0;
    expect(await get(undefined, { env: { ...env, HF_HUB_OFFLINE: '1' } })).toBe(cached('snapshots', commit));
    expect(await get()).toBe(cached('snapshots', commit));
    expect(hub.requests).toEqual([]);
  });

  test('of transformers comes with what it says of pictures; if only weights are cached, that is still fetched', async () => {
    hub.files.set('config.json', transformers);
    hub.files.set('preprocessor_config.json', preprocessor);
    const snapshot = await get();
    expect(readFileSync(join(snapshot, 'preprocessor_config.json'))).toEqual(preprocessor);
    await rm(join(snapshot, 'preprocessor_config.json'));
    expect(await refusal(undefined, { env: { ...env, HF_HUB_OFFLINE: '1' } })).toContain('HF_HUB_OFFLINE');
    await get();
    expect(existsSync(join(snapshot, 'preprocessor_config.json'))).toBe(true);
  });

  test('of transformers that says nothing of pictures is remembered to', async () => {
    hub.files.set('config.json', transformers);
    await get();
    hub.requests.length = 0;
    await get();
    expect(hub.requests).toEqual([]);
    expect(existsSync(cached('.no_exist', commit, 'preprocessor_config.json'))).toBe(true);
  });

  test('may have its weights in several files; a missing one is fetched again', async () => {
    hub.files.delete(file);
    const index = {
      weight_map: { a: 'model-00001-of-00002.safetensors', b: 'model-00002-of-00002.safetensors' },
    };
    hub.files.set('model.safetensors.index.json', Buffer.from(JSON.stringify(index)));
    hub.files.set('model-00001-of-00002.safetensors', Buffer.alloc(100, 1));
    hub.files.set('model-00002-of-00002.safetensors', Buffer.alloc(200, 2));
    const snapshot = await get();
    expect(readFileSync(join(snapshot, 'model-00001-of-00002.safetensors'))).toEqual(Buffer.alloc(100, 1));
    const second = join(snapshot, 'model-00002-of-00002.safetensors');
    await rm(second);
    await get();
    expect(readFileSync(second)).toEqual(Buffer.alloc(200, 2));
  });

  test('may be taken at a branch, a tag or a commit', async () => {
    hub.revisions.set('refs/pr/1', commit);
    expect(await get('refs/pr/1')).toBe(cached('snapshots', commit));
    expect(await readFile(cached('refs', 'refs', 'pr', '1'), 'utf8')).toBe(commit);
    expect(existsSync(cached('refs', 'main'))).toBe(false);
    hub.requests.length = 0;
    expect(await get(commit)).toBe(cached('snapshots', commit));
    expect(hub.requests).toEqual([]);
    expect(await refusal('v9')).toContain('status 404');
  });

  test('gives its configuration alone, if other weights are to be used', async () => {
    hub.files.delete(file);
    const snapshot = await get(undefined, { withWeights: false });
    expect(await readdir(snapshot)).toEqual(['config.json']);
  });
});

describe('what is wrong is said', () => {
  test.each([
    ['no configuration', () => hub.files.delete('config.json'), /holds no config\.json/],
    ['no weights', () => hub.files.delete(file), /holds no weights, of which one of model\.safetensors,/],
    [
      'a damaged configuration',
      () => (hub.behaviour = 'corrupt'),
      /config\.json from timm\/tiny\.test does not have the hub's checksum \(git's name/,
    ],
    [
      'a configuration of another checksum',
      () => (hub.behaviour = 'no checksum'),
      /no checksum for config\.json/,
    ],
    ['no such repository', () => (hub.behaviour = 'missing'), /status 404/],
    ['a gated one', () => (hub.tokens = ['secret']), /set HF_TOKEN to a token/],
  ])('%s', async (_, spoil, words) => {
    spoil();
    expect(await refusal()).toMatch(words);
    expect(existsSync(cached('refs', 'main'))).toBe(false);
  });

  test('an index that names files elsewhere', async () => {
    hub.files.delete(file);
    hub.files.set('model.safetensors.index.json', Buffer.from('{"weight_map": {"a": "../../../.profile"}}'));
    expect(await refusal()).toContain('names files that do not lie beside it');
  });

  test('a cache that lost its weights is no cache', async () => {
    await rm(join(await get(), file));
    await writeFile(join(cached('snapshots', commit), 'other.txt'), '');
    expect(await refusal(undefined, { env: { ...env, HF_HUB_OFFLINE: '1' } })).toContain('HF_HUB_OFFLINE');
  });
});

describe('references', () => {
  test.each([
    ['hf:timm/deit.x', { repo: 'timm/deit.x', revision: 'main' }],
    ['hf:a/b@v1.0', { repo: 'a/b', revision: 'v1.0' }],
    ['hf:a/b@refs/pr/3', { repo: 'a/b', revision: 'refs/pr/3' }],
  ])('%s', (name, expected) => {
    expect(parseHubReference(name)).toEqual(expected);
  });

  test.each([
    'hf:',
    'hf:deit',
    'hf:a/b/c',
    'hf:../b',
    'hf:a/..',
    'hf:a/b@',
    'hf:a/b@../x',
    'hf:a/b@c@d',
    'hf:a b/c',
    'hf:https://x/a/b',
  ])('not %s', (name) => {
    expect(() => parseHubReference(name)).toThrow(/names no repository of the hub; give hf:OWNER\/NAME/);
  });
});
