import { symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { install } from '../support/installation.js';
import { packageFolder, refusalOf, run, type Outcome } from '../cli/command.js';
import { selfSigned, type Certificate } from './certificate.js';
import { DownloadSetting } from './download-setting.js';
import { file, repo } from './mock-hub.js';
import { MockProxy } from './mock-proxy.js';

const picture = join(packageFolder, 'examples', 'scene.png');

let proxy: MockProxy;
let proxyAddress: string;
let before: NodeJS.ProcessEnv;

beforeEach(async () => {
  before = process.env;
  process.env = Object.fromEntries(Object.entries(before).filter(([name]) => !/_proxy$/i.test(name)));
  proxy = new MockProxy();
  proxyAddress = await proxy.start();
});
afterEach(async () => {
  process.env = before;
  await proxy.stop();
});

/** What listens on this machine and is no proxy. */
async function listen(
  treat: (socket: Socket) => void,
): Promise<{ address: string; stop(): Promise<unknown> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    treat(socket.on('error', () => undefined));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      for (const socket of sockets) socket.destroy();
      return new Promise((done) => server.close(done));
    },
  };
}

describe('a download by plain HTTP', () => {
  let setting: DownloadSetting;
  let host: string;

  beforeEach(async () => {
    setting = await DownloadSetting.open();
    ({ host } = new URL(setting.hubUrl));
  });
  afterEach(() => setting.close());

  test.each(['HTTP_PROXY', 'http_proxy', 'ALL_PROXY'])(
    'goes through the proxy that %s names',
    async (name) => {
      process.env[name] = `http://${proxyAddress}`;
      expect(await setting.download()).toBe('download');
      expect(proxy.requests).toHaveLength(setting.hub.requests.length);
      expect(proxy.requests).toContain(`GET http://${host}/bytes/model.safetensors`);
    },
  );

  test('takes an address without http:// for one with it', async () => {
    process.env['HTTP_PROXY'] = proxyAddress;
    expect(await setting.download()).toBe('download');
    expect(proxy.requests.length).toBeGreaterThan(0);
  });

  test.each([
    ['NO_PROXY', '127.0.0.1'],
    ['no_proxy', 'example.org, 127.0.0.1'],
    ['NO_PROXY', '*'],
  ])('goes past the proxy where %s is "%s"', async (name, value) => {
    process.env['HTTP_PROXY'] = `http://${proxyAddress}`;
    process.env[name] = value;
    expect(await setting.download()).toBe('download');
    expect(proxy.requests).toEqual([]);
  });

  test('asks for each server that it is led to whether a proxy is on the way', async () => {
    const storage = await DownloadSetting.open();
    try {
      setting.hub.storage = storage.hubUrl;
      process.env['HTTP_PROXY'] = `http://${proxyAddress}`;
      process.env['NO_PROXY'] = host;
      expect(await setting.download()).toBe('download');
      expect(proxy.requests).toEqual([`GET ${storage.hubUrl}/bytes/model.safetensors`]);
    } finally {
      await storage.close();
    }
  });

  test('goes past a proxy for another scheme', async () => {
    process.env['HTTPS_PROXY'] = `http://${proxyAddress}`;
    expect(await setting.download()).toBe('download');
    expect(proxy.requests).toEqual([]);
  });

  test('tells the proxy the name and the password of its address, and the hub nothing of them', async () => {
    proxy.credentials = 'me@work:p@ss/w%rd';
    process.env['HTTP_PROXY'] = `http://me%40work:p%40ss%2Fw%25rd@${proxyAddress}`;
    expect(await setting.download()).toBe('download');
    expect(new Set(setting.hub.authorizations)).toEqual(new Set([undefined]));
  });

  test('fails where the proxy wants a name and a password', async () => {
    proxy.credentials = 'me:secret';
    process.env['HTTP_PROXY'] = `http://me:wrong@${proxyAddress}`;
    const message = await setting.refusal();
    expect(message).toContain(`through the proxy http://${proxyAddress} of HTTP_PROXY failed (`);
    expect(message).toContain('407');
    expect(message).toContain('or set HTTP_PROXY to an address such as http://NAME:PASSWORD@');
    expect(message).not.toContain('wrong');
  });

  test('fails where the proxy hangs up', async () => {
    proxy.refuses = 'hangs up';
    process.env['HTTP_PROXY'] = `http://${proxyAddress}`;
    expect(await setting.refusal()).toContain('of HTTP_PROXY failed (the connection was lost)');
  });
});

/** The hub that the world uses, which is not asked: each of these fails before. */
describe('a download by TLS', () => {
  let setting: DownloadSetting;

  beforeEach(async () => {
    setting = await DownloadSetting.open();
  });
  afterEach(() => setting.close());

  const refusal = (): Promise<string> => setting.refusal({ HF_ENDPOINT: 'https://huggingface.co' });

  test.each([
    [407, 'the proxy wants a name and a password, status 407'],
    [403, 'the proxy refuses, status 403'],
    ['hangs up', 'the connection was lost'],
  ] as const)('fails where the proxy answers with %s', async (refuses, reason) => {
    proxy.refuses = refuses;
    process.env['HTTPS_PROXY'] = `http://me:secret@${proxyAddress}`;
    const message = await refusal();
    expect(message).toContain(`through the proxy http://${proxyAddress} of HTTPS_PROXY failed (${reason})`);
    expect(message).toContain('or set HTTPS_PROXY to an address such as http://NAME:PASSWORD@');
    expect(message).not.toContain('secret');
    expect(proxy.requests).toEqual(['CONNECT huggingface.co:443']);
  });

  test('fails where no proxy listens', async () => {
    await proxy.stop();
    process.env['https_proxy'] = `http://${proxyAddress}`;
    expect(await refusal()).toContain(
      `the proxy http://${proxyAddress} of https_proxy failed (the connection was refused)`,
    );
    proxy = new MockProxy();
    await proxy.start();
  });

  test('fails where there is no such proxy', async () => {
    process.env['HTTPS_PROXY'] = 'http://proxy.invalid:3128';
    expect(await refusal()).toContain(
      'the proxy http://proxy.invalid:3128 of HTTPS_PROXY failed (no network, or the host name is not known)',
    );
  });

  test('fails where something else answers than a proxy', async () => {
    const other = await listen((socket) => socket.end('SSH-2.0-other\r\n'));
    process.env['HTTPS_PROXY'] = other.address;
    expect(await refusal()).toContain(
      `the proxy ${other.address} of HTTPS_PROXY failed (the proxy does not answer as one)`,
    );
    await other.stop();
  });

  test.each([
    ['http://', 'http://'],
    ['http://me:secret@proxy:99999', 'http://…@proxy:99999'],
    ['me:secret@two words', '…@two words'],
    ['http://me%:secret@proxy', 'http://…@proxy'],
    ['socks5://me:secret@proxy:1080', 'socks5://…@proxy:1080'],
  ])('is refused if HTTPS_PROXY is "%s"', async (value, shown) => {
    process.env['HTTPS_PROXY'] = value;
    const message = await refusal();
    expect(message).toContain(`(HTTPS_PROXY is "${shown}", which is no address of an HTTP proxy)`);
    expect(message).toContain('set HTTPS_PROXY to an address such as http://proxy.example.org:3128 or');
    expect(message).not.toContain('secret');
  });

  /** The command as a person behind a proxy runs it. */
  const command = async (address: string): Promise<Outcome> => {
    const main = await install(setting.folder);
    const args = ['explain', picture, '--model', 'deit_tiny_patch16_224'];
    const env = setting.env({ HF_ENDPOINT: 'https://huggingface.co', HTTPS_PROXY: address });
    return run(process.execPath, [main, ...args], { cwd: setting.folder, env });
  };

  test('the command says so in one sentence', async () => {
    proxy.refuses = 407;
    const refusal = refusalOf(await command(`http://me:secret@${proxyAddress}`));
    expect(refusal).toContain(
      `through the proxy http://${proxyAddress} of HTTPS_PROXY failed (the proxy wants`,
    );
    expect(refusal).not.toContain('secret');
  });

  test.each([
    ['hangs up before it was asked', (socket: Socket) => void socket.destroy()],
    ['never answers', () => undefined],
  ])('the command does not wait longer than for an answer where a proxy %s', async (_, treat) => {
    const other = await listen(treat);
    expect(refusalOf(await command(other.address))).toContain(
      `the proxy ${other.address} of HTTPS_PROXY failed (`,
    );
    await other.stop();
  });
});

describe('a hub with a certificate of an authority of its own', () => {
  let certificate: Certificate;
  let setting: DownloadSetting;

  beforeAll(async () => {
    certificate = await selfSigned();
  });
  beforeEach(async () => {
    setting = await DownloadSetting.open(certificate);
    await writeFile(join(setting.folder, 'authority.pem'), certificate.cert);
  });
  afterEach(() => setting.close());

  /** Looks for the weights in a process of its own: node reads NODE_EXTRA_CA_CERTS when it starts. */
  async function download(more: Record<string, string>): Promise<string> {
    const request = { model: 'tiny', hub: { repo, file }, weightsFolder: setting.folder };
    const script = `
      import { findWeights } from ${JSON.stringify(pathToFileURL(join(packageFolder, 'dist', 'node', 'index.js')))};
      const found = await findWeights(${JSON.stringify(request)}).catch(({ message }) => ({ origin: message }));
      console.log(found.origin);`;
    const env = setting.env({ NODE_EXTRA_CA_CERTS: '', ...more });
    const args = ['--input-type=module', '--eval', script];
    const { stdout } = await run(process.execPath, args, { cwd: setting.folder, env });
    return stdout.trim();
  }

  test.each([false, true])(
    'is believed if NODE_EXTRA_CA_CERTS names that (through a proxy: %s)',
    async (proxied) => {
      const HTTPS_PROXY = proxied ? proxyAddress : '';
      const NODE_EXTRA_CA_CERTS = join(setting.folder, 'authority.pem');
      expect(await download({ NODE_EXTRA_CA_CERTS, HTTPS_PROXY })).toBe('download');
      expect(proxy.requests.length > 0).toBe(proxied);
      expect(new Set(proxy.requests)).toEqual(
        new Set(proxied ? [`CONNECT ${new URL(setting.hubUrl).host}`] : []),
      );
    },
  );

  test('is not believed otherwise, and the variable is named', async () => {
    const message = await download({});
    expect(message).toContain('failed (the certificate is of an authority that Node does not know)');
    expect(message).toContain('or set NODE_EXTRA_CA_CERTS to a file with the certificate of your network');
    expect(setting.hub.requests).toEqual([]);
  });
});

test('a command that downloads nothing does not load what downloads', async () => {
  const setting = await DownloadSetting.open();
  const tell = join(setting.folder, 'tell.cjs');
  await writeFile(
    tell,
    `process.on('exit', () => {
      const packages = Object.keys(require.cache).map((path) => /node_modules.((?:@[^/\\\\]+.)?[^/\\\\]+)/.exec(path)?.[1]);
      console.log('loaded', JSON.stringify([...new Set(packages.filter(Boolean))]));
    });`,
  );
  const main = await install(setting.folder);
  const shipped = join('weights', 'vit_scenes_patch8_72.safetensors');
  await symlink(join(packageFolder, shipped), join(setting.folder, shipped));
  const loaded = async (...args: readonly string[]): Promise<readonly [number | null, readonly string[]]> => {
    const { status, stdout } = await run(
      process.execPath,
      ['--require', tell, main, 'explain', picture, ...args],
      {
        cwd: setting.folder,
        env: setting.env(),
      },
    );
    return [status, JSON.parse(/^loaded (.*)$/m.exec(stdout)![1]) as string[]];
  };
  expect(await loaded('--model', 'vit_scenes_patch8_72')).toEqual([
    0,
    expect.not.arrayContaining(['undici']),
  ]);
  expect(await loaded('--model', 'deit_tiny_patch16_224')).toEqual([2, expect.arrayContaining(['undici'])]);
  await setting.close();
});
