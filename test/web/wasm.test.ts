import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { openWasm } from '../../src/web/index.js';
import { packageFolder } from '../cli/command.js';
import { evaluate } from '../support/backends.js';

/** What a page has that Node has not. */
function bePage(href: string): void {
  const page = { location: { href }, crossOriginIsolated: false };
  Object.defineProperty(globalThis, 'self', { value: page, configurable: true });
}

describe('a page opens the wasm backend', () => {
  let fetched: string[];
  beforeEach(() => {
    bePage('https://example.org/rooms/page.html?model=small');
    fetched = [];
    jest.spyOn(globalThis, 'fetch').mockImplementation(async (address) => {
      const { href, pathname } = address as URL;
      fetched.push(href);
      const [, file] = /^\/vitrine\/(dist\/wasm\/.+)/.exec(pathname) ?? [];
      return file
        ? new Response(await readFile(join(packageFolder, file)))
        : new Response('', { status: 404 });
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    Reflect.deleteProperty(globalThis, 'self');
  });

  test.each([
    '/vitrine/dist/wasm/',
    '../vitrine/dist/wasm/',
    'https://example.org/vitrine/dist/wasm/',
    new URL('https://example.org/vitrine/dist/wasm/'),
  ])('with kernels that lie at %s', async (kernels) => {
    const backend = await openWasm({ kernels });
    expect(fetched).toEqual(['https://example.org/vitrine/dist/wasm/alone.wasm']);
    const { y } = await evaluate({ y: v.relu(v.input('x', [3])) }, backend, { x: Float32Array.of(-1, 2, 3) });
    expect([...y]).toEqual([0, 2, 3]);
    backend.destroy();
  });

  test('with kernels that are not there: a sentence', async () => {
    const failure = openWasm({ kernels: '/elsewhere/' });
    await expect(failure).rejects.toThrow(v.DeviceError);
    await expect(failure).rejects.toThrow(
      'Cannot fetch the kernels "alone.wasm" from "/elsewhere/": the server answers 404; ' +
        'see that they lie there, or load the page again.',
    );
  });

  test('with an address that is none, or one of a page that has none: a sentence', async () => {
    await expect(openWasm({ kernels: 'https://' })).rejects.toThrow(
      /^Cannot fetch the kernels "alone\.wasm" from "https:\/\/": .+; see that they lie there, .+\.$/,
    );
    bePage('about:blank');
    await expect(openWasm({ kernels: '/vitrine/dist/wasm/' })).rejects.toThrow(v.DeviceError);
    expect(fetched).toEqual([]);
  });
});
