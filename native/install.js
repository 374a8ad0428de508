// Builds the C++ backend with node-gyp. Where that is not possible, the installation goes on without it: plans then run
// on WebGPU or in WebAssembly, and the command says so.
//
//   npm run build:native      the same, but a failure is an error
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const required = process.argv.includes('--required');

// npm tells its scripts where its own node-gyp is; others have one on the path.
const own = process.env.npm_config_node_gyp;
const [command, ...first] = own ? [process.execPath, own] : ['node-gyp'];
const jobs = ['--jobs', 'max'];
const { status, stdout, stderr, error } = spawnSync(command, [...first, 'rebuild', ...jobs], {
  cwd: here,
  encoding: 'utf8',
  shell: !own && process.platform === 'win32',
});

if (status === 0) {
  console.log('vitrine: the native backend was built.');
} else {
  const lines = `${stdout ?? ''}\n${stderr ?? ''}`.split('\n').filter((line) => line.trim() !== '');
  // What a compiler, make or Python says tells more than what node-gyp makes of it.
  const telling = [/: error:|fatal error|No such file|not found|Could not find any/, /gyp ERR! stack Error/];
  const cause =
    error?.message ??
    telling.map((pattern) => lines.find((line) => pattern.test(line))).find((line) => line !== undefined) ??
    lines.at(-1) ??
    'node-gyp said nothing';
  console.error(
    `vitrine: the native backend could not be built (${cause.replace(/^gyp ERR! (find Python|stack) /, '').trim()}).`,
  );
  console.error(
    'vitrine: everything works without it, on WebGPU or on the slower WebAssembly backend. To have it, install a C++17 ' +
      `compiler, make and Python 3, then run "npm run build:native" in ${join(here, '..')}.`,
  );
  if (required) {
    console.error(lines.slice(-40).join('\n'));
    process.exitCode = 1;
  }
}
