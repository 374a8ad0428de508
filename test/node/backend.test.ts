import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { demoModel, UsageError } from '../../src/index.js';
import { openBackend, type BackendOptions, type DeviceName } from '../../src/node/devices/backend.js';
import { addonFailure } from '../../src/node/devices/addon-failure.js';
import { openNative } from '../../src/node/devices/native.js';
import { parseThreads } from '../../src/node/devices/threads.js';
import {
  packageFolder,
  packageJson,
  refusalOf,
  run,
  sentenceOf,
  vitrine,
  type Outcome,
} from '../cli/command.js';
import { makePng } from '../image/png-bytes.js';

/** Whether WebGPU finds SwiftShader alone, which is no GPU; with the system's own drivers there may be one. */
const noGPU = (process.env['VITRINE_TEST_ADAPTER'] ?? 'swiftshader') === 'swiftshader';
const testWithoutGPU = noGPU ? test : test.skip;

const badThreads = ['0', '-1', '1.5', '1025', 'two', '1e2', '0x4', '2 3', 'Infinity', '99999999999999999999'];
const refusal = (name: string, text: string): string =>
  `${name} is "${text}"; give a number of threads from 1 to 1024.`;

let variable: string | undefined;
beforeEach(() => {
  variable = process.env['VITRINE_THREADS'];
  delete process.env['VITRINE_THREADS'];
});
afterEach(() => {
  delete process.env['VITRINE_THREADS'];
  if (variable !== undefined) process.env['VITRINE_THREADS'] = variable;
});

describe('openBackend', () => {
  testWithoutGPU('auto without a GPU: native, and why', async () => {
    const { backend, reason } = await openBackend('auto', { threads: 2 });
    expect(backend).toMatchObject({ name: 'native', threads: 2 });
    expect(reason).toMatch(/^no GPU was found(, only .+)?$/);
    backend.destroy();
  });

  test('a name that is none is refused, with those that are', async () => {
    const opened = openBackend('cuda' as DeviceName);
    await expect(opened).rejects.toThrow(UsageError);
    await expect(opened).rejects.toThrow(/^There is no device "cuda"; choose one of: auto, .*native.*\.$/);
  });

  test('by name, without a reason', async () => {
    const native = await openBackend('native', { threads: 3 });
    expect(native.backend).toMatchObject({ name: 'native', threads: 3 });
    expect(native.reason).toBeUndefined();
    native.backend.destroy();
    const reference = await openBackend('reference');
    expect(reference.backend.name).toBe('reference');
    expect(reference.reason).toBeUndefined();
  });

  test.each<[DeviceName, BackendOptions, string]>([
    ['native', { adapter: 'x' }, '--adapter chooses a WebGPU adapter; it cannot be combined with --device native.'],
    ['reference', { adapter: 'x' }, '--adapter chooses a WebGPU adapter; it cannot be combined with --device reference.'],
    ['native', { adapter: 'x', threads: 2 }, '--adapter chooses a WebGPU adapter; it cannot be combined with --device native.'],
    ['webgpu', { threads: 2 }, '--threads is for the native and wasm backends; it cannot be combined with --device webgpu.'],
    ['reference', { threads: 2 }, '--threads is for the native and wasm backends; it cannot be combined with --device reference.'],
    ['auto', { adapter: 'x', threads: 2 }, '--threads is for the native and wasm backends; it cannot be combined with --adapter.'],
    ['webgpu', { adapter: 'x', threads: 2 }, '--threads is for the native and wasm backends; it cannot be combined with --adapter.'],
  ])('%s with %j is refused', async (device, options, message) => {
    const failure: unknown = await openBackend(device, options).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect((failure as Error).message).toBe(message);
  }); // prettier-ignore

  test('a number of threads that makes no sense is refused, also with auto', async () => {
    for (const device of noGPU ? (['native', 'auto'] as const) : (['native'] as const)) {
      await expect(openBackend(device, { threads: 0 })).rejects.toThrow(
        'The number of threads is 0; give a whole number from 1 to 1024.',
      );
    }
  });
});

describe('the number of threads', () => {
  test('is that of the cores at most, if nobody says', () => {
    const native = openNative();
    expect(native.threads).toBeGreaterThanOrEqual(1);
    expect(native.threads).toBeLessThanOrEqual(availableParallelism());
    native.destroy();
  });

  test.each([
    ['1', 1],
    ['5', 5],
    [' 4 ', 4],
    ['007', 7],
  ])('VITRINE_THREADS is "%s"', (text, threads) => {
    process.env['VITRINE_THREADS'] = text;
    const native = openNative();
    expect(native.threads).toBe(threads);
    native.destroy();
    const told = openNative(2);
    expect(told.threads).toBe(2); // what is asked for goes before
    told.destroy();
  });

  test.each(['', '  '])('VITRINE_THREADS is "%s", as if it were not there', (text) => {
    const plain = openNative();
    process.env['VITRINE_THREADS'] = text;
    const native = openNative();
    expect(native.threads).toBe(plain.threads);
    plain.destroy();
    native.destroy();
  });

  test.each(badThreads)('VITRINE_THREADS is "%s": refused', async (text) => {
    process.env['VITRINE_THREADS'] = text;
    expect(() => openNative()).toThrow(UsageError);
    expect(() => openNative()).toThrow(refusal('VITRINE_THREADS', text));
    if (noGPU) await expect(openBackend()).rejects.toThrow(refusal('VITRINE_THREADS', text));
  });

  test.each(['', ' ', ...badThreads])('"%s" as text is refused', (text) => {
    expect(() => parseThreads('--threads', text)).toThrow(refusal('--threads', text));
  });

  const onLinux = process.platform === 'linux' ? test : test.skip;
  onLinux('that the system does not give is refused, and the process lives on', async () => {
    const code =
      "const { openNative } = await import(process.argv[1]); let refused = 'nothing';" +
      'try { openNative(1024); } catch (error) { refused = String(error); }' +
      "console.log(refused, '|', openNative(1).threads);";
    const built = pathToFileURL(join(packageFolder, 'dist', 'node', 'index.js')).href;
    // The stacks of 1024 threads are 8 GB of addresses.
    const shell = 'ulimit -v 5000000 && exec "$0" "$@"';
    const node = [process.execPath, '--input-type=module', '-e', code, built];
    const { status, stdout, stderr } = await run('/bin/sh', ['-c', shell, ...node], { cwd: packageFolder });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^DeviceError: The native backend cannot be opened: .*threads\. \| 1\n$/);
  });
});

describe('the command', () => {
  let folder: string;
  let copy: string;
  const copied = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> =>
    run(process.execPath, [join(copy, packageJson.bin.vitrine), ...args], { cwd: folder, env });
  const explain = ['explain', 'dot.png', '--model', demoModel.name];
  /** A line of what is printed before the results. */
  const deviceOf = (stdout: string): string | undefined => /^device {2}(.*)$/m.exec(stdout)?.[1];
  const nowhere = { LD_LIBRARY_PATH: '', VK_ICD_FILENAMES: '/nowhere', VK_DRIVER_FILES: '/nowhere' };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vitrine-backend-'));
    // The package as it is where the addon could not be built.
    copy = join(folder, 'package');
    await mkdir(copy);
    for (const name of ['dist', 'shaders', 'weights', 'package.json']) {
      await cp(join(packageFolder, name), join(copy, name), { recursive: true });
    }
    await symlink(join(packageFolder, 'node_modules'), join(copy, 'node_modules'));
    const dot = makePng({ depth: 8, color: 2, width: 1, rows: [[0, 255, 0, 0]] });
    await writeFile(join(folder, 'dot.png'), dot);
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  test.each(['0', '-3', '1.5', '1025', 'many', ''])('--threads "%s" is refused', async (threads) => {
    for (const what of [explain, ['explain', '--self-check']]) {
      const outcome = await vitrine([...what, '--threads', threads], { cwd: folder });
      expect(refusalOf(outcome)).toBe(refusal('--threads', threads));
    }
  });

  test.each([
    [['--device', 'reference', '--threads', '2'], '--threads is for the native and wasm backends; it cannot be combined with --device reference.'],
    [['--device', 'webgpu', '--threads', '2'], '--threads is for the native and wasm backends; it cannot be combined with --device webgpu.'],
    [['--adapter', 'x', '--threads', '2'], '--threads is for the native and wasm backends; it cannot be combined with --adapter.'],
    [['--adapter', 'x', '--device', 'native'], '--adapter chooses a WebGPU adapter; it cannot be combined with --device native.'],
  ])('%j is refused', async (options, message) => {
    expect(refusalOf(await vitrine([...explain, ...options], { cwd: folder }))).toBe(message);
  }); // prettier-ignore

  test('VITRINE_THREADS and VITRINE_KERNELS that make no sense', async () => {
    const withThreads = { cwd: folder, env: { VITRINE_THREADS: 'all' } };
    expect(refusalOf(await vitrine([...explain, '--device', 'native'], withThreads))).toBe(
      refusal('VITRINE_THREADS', 'all'),
    );
    const withKernels = { cwd: folder, env: { VITRINE_KERNELS: 'sse9' } };
    expect(refusalOf(await vitrine([...explain, '--device', 'native'], withKernels))).toBe(
      'The native backend cannot be opened: this processor cannot run sse9.',
    );
  });

  testWithoutGPU('explains on native without being asked, and says why', async () => {
    const { status, stdout, stderr } = await vitrine([...explain, '--threads', '2'], { cwd: folder });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(deviceOf(stdout)).toMatch(/^native: C\+\+, \w+, 2 threads; no GPU was found(, only .+)?$/);
  });

  test('the self-check passes on native, with threads from either side', async () => {
    for (const [args, env] of [
      [['--threads', '1'], { VITRINE_THREADS: '3' }],
      [[], { VITRINE_THREADS: '1' }],
    ] as const) {
      const outcome = await vitrine(['explain', '--self-check', '--device', 'native', ...args], {
        cwd: folder,
        env,
      });
      expect(outcome).toMatchObject({ status: 0, stderr: '' });
      expect(outcome.stdout).toMatch(/native: C\+\+, \w+, 1\s+thread\s+computes\s+correctly\.\n$/);
    }
  });

  const remedy = (): string =>
    `run "npm run build:native" in ${copy}, which takes a C++17 compiler, make and Python 3`;
  const refused = (why: string): string =>
    `The native backend ${why}; ${remedy()}, or use --device wasm, which needs none of that.`;

  test('without the addon, native by name: one sentence', async () => {
    const outcome = await copied([...explain, '--device', 'native', '--out', 'refused']);
    expect(refusalOf(outcome)).toBe(refused('was not built'));
    expect(existsSync(join(folder, 'refused'))).toBe(false);
  });

  /** Puts bytes in the place of one text, wherever it stands. */
  const replaced = (bytes: Buffer, text: string, by: string): Buffer =>
    Buffer.from(bytes.toString('latin1').replaceAll(text, by), 'latin1');
  /** The addon as others would have built it, or found it. */
  const addons: [what: string, change: (addon: Buffer) => Buffer, why: string][] = [
    [
      'of another version of Node',
      (addon) => replaced(addon, `node_register_module_v${process.versions.modules}`, 'node_register_module_v999'),
      `was built for another version of Node than this, ${process.version}`,
    ],
    ['of another processor', (addon) => changed(addon, 18, addon[18] + 1), foreign()],
    ['of 32 bits', (addon) => changed(addon, 4, 1), foreign()],
    ['of another system', (addon) => changed(addon, 1, 0x4d), foreign()],
    [
      'built with a newer C++ library',
      (addon) => replaced(addon, 'GLIBCXX_3.4.21', 'GLIBCXX_9.4.21'),
      'needs a newer C++ library than libstdc++ here, one with GLIBCXX_9.4.21',
    ],
    [
      'with a library that is not here',
      (addon) => replaced(addon, 'libstdc++.so.6', 'libabsent.so.6'),
      'needs the library libabsent.so.6, which is not here',
    ],
    ['that is cut off', (addon) => addon.subarray(0, 5000), 'is cut off before its end'],
    ['that is no library', () => Buffer.from('no library'), foreign()],
  ]; // prettier-ignore

  const onElf = process.platform === 'linux' ? describe : describe.skip;
  onElf('with an addon', () => {
    const release = (): string => join(copy, 'native', 'build', 'Release');
    beforeAll(() => mkdir(release(), { recursive: true }));
    afterAll(() => rm(join(copy, 'native'), { recursive: true }));

    test.each(addons)('%s: native by name is refused, auto warns once', async (_what, change, why) => {
      const addon = await readFile(join(packageFolder, 'native', 'build', 'Release', 'vitrine.node'));
      const other = change(addon);
      expect(other).not.toEqual(addon);
      await writeFile(join(release(), 'vitrine.node'), other);
      expect(refusalOf(await copied([...explain, '--device', 'native']))).toBe(refused(why));
      const { status, stdout, stderr } = await copied([...explain, '--json'], nowhere);
      expect(status).toBe(0);
      expect(sentenceOf(stderr)).toBe(
        `The native backend ${why}, so wasm computes, some three times slower: ${remedy()}.`,
      );
      expect(JSON.parse(stdout)).toMatchObject({ device: { backend: 'wasm' } });
    });
  });

  testWithoutGPU('without the addon: WebAssembly, and why, and how to get a faster one', async () => {
    const { status, stdout, stderr } = await copied([...explain, '--threads', '2']);
    expect(status).toBe(0);
    expect(deviceOf(stdout)).toMatch(
      /^wasm: WebAssembly, 128-bit vectors, 2 threads; no GPU was found(, only .+)?, and the native backend was not built$/,
    );
    expect(sentenceOf(stderr)).toBe(
      `The native backend was not built, so wasm computes, some three times slower: ${remedy()}.`,
    );
  });

  test('the self-check says it too', async () => {
    const { stderr } = await copied(['explain', '--self-check'], nowhere);
    expect(sentenceOf(stderr)).toMatch(/^The native backend was not built, so wasm computes/);
  });

  describe('with neither addon nor kernels in WebAssembly', () => {
    const kernels = (): string => join(copy, 'dist', 'wasm');
    const missing = (): string =>
      'native backend was not built, and the wasm backend cannot be opened (Cannot read the kernels ' +
      `"${join(kernels(), 'threads.wasm')}": there is no such file; mend that or install vitrine again)`;
    beforeAll(() => rm(kernels(), { recursive: true }));
    afterAll(() => cp(join(packageFolder, 'dist', 'wasm'), kernels(), { recursive: true }));

    testWithoutGPU('WebGPU on what there is, and why, and how to get a faster one', async () => {
      const { status, stdout, stderr } = await copied(explain);
      expect(status).toBe(0);
      expect(deviceOf(stdout)).toMatch(/^webgpu: .+; no GPU was found(, only .+)?, and the native backend/);
      expect(sentenceOf(stderr)).toBe(
        `The ${missing()}, so webgpu computes, ten times slower or more: ${remedy()}.`,
      );
    });

    test('without a Vulkan driver, the reference, and why', async () => {
      const { status, stdout, stderr } = await copied(explain, nowhere);
      expect(status).toBe(0);
      expect(deviceOf(stdout)).toMatch(/^reference: .+; no GPU was found, and the native backend/);
      expect(sentenceOf(stderr)).toBe(
        `The ${missing()}, so reference computes, some 70 times slower: ${remedy()}.`,
      );
    });

    test('wasm by name: one sentence', async () => {
      expect(refusalOf(await copied([...explain, '--device', 'wasm']))).toMatch(/^Cannot read the kernels/);
    });
  });
});

function changed(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = value;
  return copy;
}

function foreign(): string {
  return `is damaged, or was built for another system or processor than ${process.platform} ${process.arch}`;
}

describe('what a loader says of an addon, in words', () => {
  const another = `was built for another version of Node than this, ${process.version}`;
  test.each([
    [
      "The module '/a/vitrine.node'\nwas compiled against a different Node.js version using\nNODE_MODULE_VERSION 127. This " +
        'version of Node.js requires\nNODE_MODULE_VERSION 115.',
      another,
    ],
    ["Module did not self-register: '/a/vitrine.node'.", another],
    [
      "/lib/libc.so.6: version `GLIBC_2.38' not found (required by /a/vitrine.node)",
      'needs a newer C library than the one here, one with GLIBC_2.38',
    ],
    [
      'Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /a/vitrine.node)',
      'needs the library ld-linux-x86-64.so.2, which is not here',
    ],
    ['Error relocating /a/vitrine.node: __memcpy_chk: symbol not found', 'was built for another system than this'],
    [
      "dlopen(/a/vitrine.node, 0x0001): tried: '/a/vitrine.node' (mach-o file, but is an incompatible architecture (have " +
        "'x86_64', need 'arm64'))",
      foreign(),
    ],
    ['dlopen(/a/vitrine.node, 0x0001): Library not loaded: @rpath/libc++.1.dylib\n  Referenced from: /a', 'needs the library @rpath/libc++.1.dylib, which is not here'],
    ['\\\\?\\C:\\a\\vitrine.node is not a valid Win32 application.\r\n', foreign()],
    ['The specified module could not be found.\r\n\\\\?\\C:\\a\\vitrine.node', 'needs a library that is not here'],
    ['Cannot load native addon because loading addons is disabled.', 'does not load (Cannot load native addon because loading addons is disabled)'],
  ])('%j', (message, words) => {
    expect(addonFailure(Object.assign(new Error(message), { code: 'ERR_DLOPEN_FAILED' }))).toBe(words);
  }); // prettier-ignore

  test('a folder in its place', () => {
    expect(addonFailure({ code: 'EISDIR' })).toBe('cannot be read: it is a folder, not a file');
  });
});
