import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packageFolder, run, type Outcome } from '../cli/command.js';

let folder: string;

beforeAll(async () => {
  // The real path, as the script prints it.
  folder = await realpath(await mkdtemp(join(tmpdir(), 'vitrine-install-')));
  for (const name of ['binding.gyp', 'install.js', 'src']) {
    await cp(join(packageFolder, 'native', name), join(folder, 'native', name), { recursive: true });
  }
  await cp(join(packageFolder, 'package.json'), join(folder, 'package.json'));
  await symlink(join(packageFolder, 'node_modules'), join(folder, 'node_modules'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** npm's own node-gyp, as npm names it to its scripts, or where node's installation has it. */
const nodeGyp = [
  process.env['npm_config_node_gyp'] ?? '',
  join(
    dirname(process.execPath),
    '..',
    'lib',
    'node_modules',
    'npm',
    'node_modules',
    'node-gyp',
    'bin',
    'node-gyp.js',
  ),
  join(dirname(process.execPath), 'node_modules', 'npm', 'node_modules', 'node-gyp', 'bin', 'node-gyp.js'),
].find((path) => path !== '' && existsSync(path));

/** The headers of this node, where its installation has them: then none are downloaded. */
const prefix = join(dirname(process.execPath), '..');
const headers = existsSync(join(prefix, 'include', 'node', 'node.h')) ? prefix : undefined;

const install = (env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Outcome> =>
  run(process.execPath, [join(folder, 'native', 'install.js'), ...args], { cwd: folder, env });

/** Expects what a person is told, and returns the cause and what follows the two sentences. */
function explained({ stdout, stderr }: Outcome): { cause: string; details: readonly string[] } {
  expect(stdout).toBe('');
  const [failed, advice, ...details] = stderr.trimEnd().split('\n');
  const [, cause] = /^vitrine: the native backend could not be built \((.+)\)\.$/.exec(failed) ?? [];
  expect(cause).toBeDefined();
  expect(advice).toBe(
    'vitrine: everything works without it, on WebGPU or on the slower WebAssembly backend. To have it, install a C++17 ' +
      `compiler, make and Python 3, then run "npm run build:native" in ${folder}.`,
  );
  return { cause, details };
}

describe('the installation of the native backend', () => {
  test('without node-gyp: says so and goes on, unless it is required', async () => {
    const env = { PATH: join(folder, 'nowhere'), npm_config_node_gyp: undefined };
    const outcome = await install(env);
    expect(outcome.status).toBe(0);
    expect(explained(outcome)).toEqual({ cause: expect.stringContaining('node-gyp'), details: [] });
    expect((await install(env, '--required')).status).toBe(1);
  });

  test('names the first error of a long report, and shows the end of it if required', async () => {
    const failing = join(folder, 'node-gyp.js');
    const report = [
      'gyp info it worked if it ends with ok',
      '../src/pool.cc:7:10: fatal error: thread: No such file or directory',
      ...Array.from({ length: 100 }, (_, i) => `gyp ERR! line ${i}`),
      'gyp ERR! not ok',
    ];
    await writeFile(failing, `console.error(${JSON.stringify(report.join('\n'))}); process.exit(1);`);
    const env = { npm_config_node_gyp: failing };
    const outcome = await install(env);
    expect(outcome.status).toBe(0);
    expect(explained(outcome)).toEqual({ cause: report[1], details: [] });
    const required = await install(env, '--required');
    expect(required.status).toBe(1);
    expect(explained(required).details).toEqual(report.slice(-40));
  });

  const withNodeGyp = nodeGyp === undefined ? test.skip : test;
  withNodeGyp('without a compiler: says so and goes on', async () => {
    const missing = join(folder, 'no-compiler');
    const env = {
      npm_config_node_gyp: nodeGyp,
      npm_config_nodedir: process.env['npm_config_nodedir'] ?? headers,
      CC: missing,
      CXX: missing,
    };
    const outcome = await install(env);
    expect(outcome.status).toBe(0);
    expect(explained(outcome)).toEqual({
      cause: expect.stringMatching(/no-compiler|failed with exit code/),
      details: [],
    });
    expect(existsSync(join(folder, 'native', 'build', 'Release', 'vitrine.node'))).toBe(false);
  });
});
