import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DownloadSetting } from './download-setting.js';
import { MockHub, repo } from './mock-hub.js';

let setting: DownloadSetting;
let hub: MockHub;

beforeEach(async () => {
  setting = await DownloadSetting.open();
  ({ hub } = setting);
});
afterEach(() => setting.close());

async function put(name: string, text: string): Promise<string> {
  const path = join(setting.folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
  return path;
}

/** The different things that requests showed of who asks. */
const shown = (): readonly unknown[] => [...new Set(hub.authorizations)];

describe('a repository that is not for everybody', () => {
  beforeEach(() => {
    hub.tokens = ['hf_mine', 'hf_other'];
  });

  test.each([
    ['HF_TOKEN', { HF_TOKEN: 'hf_mine', HUGGING_FACE_HUB_TOKEN: 'hf_other' }],
    ['HUGGING_FACE_HUB_TOKEN', { HF_TOKEN: '', HUGGING_FACE_HUB_TOKEN: 'hf_mine' }],
    ['a token with a line break after it', { HF_TOKEN: 'hf_mine\r\n' }],
  ])('is read with %s', async (_, env) => {
    await put('hf/token', 'hf_other');
    expect(await setting.download(env)).toBe('download');
    expect(hub.requests).toContain('GET /bytes/model.safetensors');
  });

  test('is read with the token that the Hugging Face tools keep, and another file goes before it', async () => {
    await put('hf/token', 'hf_mine\n');
    expect(await setting.download()).toBe('download');
    const HF_TOKEN_PATH = await put('elsewhere', 'hf_other');
    await expect(
      setting.download({ HF_TOKEN_PATH, HF_HUB_CACHE: join(setting.folder, 'empty') }),
    ).rejects.toThrow('elsewhere');
  });

  test('whoever has no token is told to get one', async () => {
    const message = await setting.refusal();
    expect(message).toContain(`(the hub wants a token for ${repo}, or has no such repository, status 401)`);
    expect(message).toContain(`set HF_TOKEN to a token from ${setting.hubUrl}/settings/tokens`);
  });

  test('a token that the hub does not know is named by its place', async () => {
    const path = await put('hf/token', 'hf_old');
    const message = await setting.refusal();
    expect(message).toContain(`the hub does not accept the token in ${path}, status 401`);
    expect(message).toContain(
      `put a valid token from ${setting.hubUrl}/settings/tokens into ${path}, or none`,
    );
    expect(message).not.toContain('hf_old');
  });

  test('a token without access is told where to ask for it', async () => {
    const message = await setting.refusal({ HF_TOKEN: 'hf_other' });
    expect(message).toContain(`the token in HF_TOKEN may not read ${repo}, status 403`);
    expect(message).toContain(`ask for access at ${setting.hubUrl}/${repo}`);
    expect(message).not.toContain('hf_other');
  });
});

describe('the token goes to no other server than the hub', () => {
  test.each([
    ['leads to', true, ['GET /bytes/model.safetensors']],
    ['names beforehand', false, ['GET /bytes/model.safetensors', 'GET /bytes/model.safetensors']],
  ])('such as the one with the bytes, which the hub %s', async (_, chunked, expected) => {
    const storage = new MockHub(Buffer.alloc(400_000, 'weights'));
    hub.storage = await storage.start();
    hub.chunked = chunked;
    try {
      expect(await setting.download({ HF_TOKEN: 'hf_mine' })).toBe('download');
      expect(storage.requests).toEqual(expected);
      expect(new Set(storage.authorizations)).toEqual(new Set([undefined]));
      expect(hub.requests).not.toContain('GET /bytes/model.safetensors');
      expect(shown()).toEqual(['Bearer hf_mine']);
    } finally {
      await storage.stop();
    }
  });
});

test('a mirror may have tokens of any form', async () => {
  hub.tokens = ['glpat-1234'];
  expect(await setting.download({ HF_TOKEN: 'glpat-1234' })).toBe('download');
});

test('no token is sent where there is none, or where the person forbids it', async () => {
  expect(await setting.download()).toBe('download');
  const elsewhere = { HF_HUB_CACHE: join(setting.folder, 'empty') };
  const env = { HF_TOKEN: 'hf_mine', HF_HUB_DISABLE_IMPLICIT_TOKEN: '1', ...elsewhere };
  expect(await setting.download(env)).toBe('download');
  expect(shown()).toEqual([undefined]);
});

describe('what is no token is refused before anything is sent, without being shown', () => {
  test.each(['hf_mine hf_other', 'hf_mine\nhf_other', 'hf_mïne'])('%j', async (token) => {
    const message = await setting.refusal({ HF_TOKEN: token });
    expect(message).toContain('what HF_TOKEN holds is no token');
    expect(message).toContain('put a token of the hub into HF_TOKEN, or nothing');
    expect(message).not.toContain('hf_m');
    expect(hub.requests).toEqual([]);
  });

  test('a file that is none', async () => {
    const message = await setting.refusal({ HF_TOKEN_PATH: setting.folder });
    expect(message).toContain(`the token file ${setting.folder} cannot be read, it is a folder`);
    expect(message).toContain('set HF_TOKEN, or HF_TOKEN_PATH to a file');
  });
});

test.each([
  ['hf-mirror.example.org', 'hf-mirror.example.org'],
  ['ftp://hf-mirror.example.org', 'ftp://hf-mirror.example.org'],
  ['https://', 'https:'],
  ['https://me:secret@hf-mirror.example.org', 'https://…@hf-mirror.example.org'],
])('HF_ENDPOINT is refused if it is %j', async (address, shown) => {
  const message = await setting.refusal({ HF_ENDPOINT: address });
  expect(message).toContain(`HF_ENDPOINT is "${shown}", which is no address of a hub`);
  expect(message).toContain('set HF_ENDPOINT to an address such as https://huggingface.co');
});
