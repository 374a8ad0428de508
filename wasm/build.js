// Compiles the kernels: once for memory that threads share, and once for one thread alone.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));
mkdirSync(new URL('../dist/wasm', import.meta.url), { recursive: true });
await build('alone', ['--maximumMemory', '65536']);
await build('threads', ['--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536']);

/**
 * @param {string} name
 * @param {readonly string[]} options
 */
async function build(name, options) {
  const { error, stderr } = await main([
    'wasm/src/main.ts',
    ...['--outFile', `dist/wasm/${name}.wasm`, '--baseDir', root],
    // No memory management, and no check of what src/backends/wasm has checked.
    ...['-O3', '--runtime', 'stub', '--noAssert'],
    ...['--importMemory', '--initialMemory', '1', '--enable', 'simd'],
    // That vectors are exchanged with JavaScript, of which no exported function has any.
    ...['--disableWarning', '112'],
    ...options,
  ]);
  if (!error) return;
  console.error(`The WebAssembly kernels cannot be built.\n${stderr.toString()}`);
  process.exit(1);
}
