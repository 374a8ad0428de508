import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageFolder, run, type Outcome } from './cli/command.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-run-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Starts the tests of a package, of which none must begin. */
function tests(root: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
  return run(process.execPath, [join(root, 'test', 'run.js'), 'test/svg.test.ts'], { cwd: root, env });
}

const nowhere = { LD_LIBRARY_PATH: '', VK_ICD_FILENAMES: '/nowhere', VK_DRIVER_FILES: '/nowhere' };
const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux("without the machine's own driver, one sentence says so, and no test fails for it", async () => {
  const env = { ...nowhere, VITRINE_TEST_ADAPTER: 'system' };
  expect(await tests(packageFolder, env)).toEqual({
    status: 2,
    stdout: '',
    stderr:
      "The tests cannot run on the machine's own driver (no Vulkan driver is found); leave out VITRINE_TEST_ADAPTER, " +
      'and they take SwiftShader.\n',
  });
});

test('where SwiftShader is not installed, one sentence says so', async () => {
  for (const part of ['run.js', join('support', 'swiftshader.js'), join('support', 'unpacked.js')]) {
    await cp(join(packageFolder, 'test', part), join(folder, 'test', part));
  }
  await cp(join(packageFolder, 'package.json'), join(folder, 'package.json'));
  await mkdir(join(folder, 'node_modules'));
  await symlink(join(packageFolder, 'node_modules', 'tar'), join(folder, 'node_modules', 'tar'));
  const { status, stdout, stderr } = await tests(folder, { VITRINE_TEST_ADAPTER: 'swiftshader' });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(
    /^The tests cannot run on SwiftShader \(Cannot find module '@sparticuz\/chromium'\); install the dependencies [^\n]+\.\n$/,
  );
});

test('an adapter that is not there, and a kind of adapter that is none', async () => {
  const named = await tests(packageFolder, { VITRINE_ADAPTER: 'abacus' });
  expect({ ...named, stderr: '' }).toEqual({ status: 2, stdout: '', stderr: '' });
  expect(named.stderr).toMatch(
    /^VITRINE_ADAPTER is "abacus", which no adapter has in its name; there is: [^\n]+\.\n$/,
  );
  expect(await tests(packageFolder, { VITRINE_TEST_ADAPTER: 'abacus' })).toEqual({
    status: 2,
    stdout: '',
    stderr: 'VITRINE_TEST_ADAPTER is "abacus"; expected "swiftshader" or "system".\n',
  });
});
