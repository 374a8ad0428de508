// Runs the test suite on a machine that may have no GPU, no Vulkan loader and no package manager.
//
// Dawn looks for a Vulkan driver once, when its library is loaded, so the environment must be right before
// the test process starts: this script prepares it and then starts jest.
//
//   npm test                                  SwiftShader, from the dev dependency @sparticuz/chromium
//   VITRINE_TEST_ADAPTER=system npm test      whatever driver the machine has (a GPU, or lavapipe)
//   VITRINE_REFERENCE=/path/to/reference npm test      also the tests against full-size reference data
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const adapter = process.env.VITRINE_TEST_ADAPTER ?? 'swiftshader';
if (adapter !== 'swiftshader' && adapter !== 'system') {
  refuse(`VITRINE_TEST_ADAPTER is "${adapter}"; expected "swiftshader" or "system".`);
}
// What somebody measured with the bench's --tune is not to choose the kernels that are tested.
process.env.XDG_CACHE_HOME = fileURLToPath(
  new URL('../node_modules/.cache/vitrine/no-user', import.meta.url),
);
if (adapter === 'swiftshader') await useSwiftShader();
await checkAdapter();

// The servers of the tests are on this machine.
for (const name of Object.keys(process.env)) if (/_proxy$/i.test(name)) delete process.env[name];

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const flags = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'];
const { status, signal } = spawnSync(process.execPath, [...flags, jest, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
if (signal) console.error(`The test process was ended by ${signal}.`);
process.exit(status ?? 1);

async function useSwiftShader() {
  try {
    const { swiftShaderEnvironment } = await import('./support/swiftshader.js');
    Object.assign(process.env, await swiftShaderEnvironment());
  } catch (error) {
    refuse(cannotRun(error.message.split('\n', 1)[0]));
  }
}

/** Without an adapter, hundreds of tests would fail for one reason. */
async function checkAdapter() {
  const built = await import('../dist/node/devices/adapters.js').catch(() => undefined);
  if (!built) refuse('The package is not built; run "npm run build", or the tests by "npm test".');
  const { names, first, problem = 'no Vulkan driver is found' } = await built.findAdapters();
  if (!first) refuse(cannotRun(problem));
  const wanted = process.env.VITRINE_ADAPTER;
  if (wanted && !names.some((name) => name.toLowerCase().includes(wanted.toLowerCase()))) {
    refuse(
      `VITRINE_ADAPTER is "${wanted}", which no adapter has in its name; there is: ${names.join(', ')}.`,
    );
  }
}

/** @param {string} why */
function cannotRun(why) {
  return adapter === 'system'
    ? `The tests cannot run on the machine's own driver (${why}); leave out VITRINE_TEST_ADAPTER, and they take SwiftShader.`
    : `The tests cannot run on SwiftShader (${why}); install the dependencies with "npm ci", or take the machine's own ` +
        'driver with VITRINE_TEST_ADAPTER=system.';
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function refuse(sentence) {
  console.error(sentence);
  process.exit(2);
}
