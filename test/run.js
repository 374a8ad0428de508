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
import { swiftShaderEnvironment } from './support/swiftshader.js';

const adapter = process.env.VITRINE_TEST_ADAPTER ?? 'swiftshader';
if (adapter !== 'swiftshader' && adapter !== 'system') {
  console.error(`VITRINE_TEST_ADAPTER is "${adapter}"; expected "swiftshader" or "system".`);
  process.exit(2);
}

const env = {
  // The servers of the tests are on this machine.
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/_proxy$/i.test(name))),
  // What somebody measured with the bench's --tune is not to choose the kernels that are tested.
  XDG_CACHE_HOME: fileURLToPath(new URL('../node_modules/.cache/vitrine/no-user', import.meta.url)),
  ...(adapter === 'swiftshader' ? await swiftShaderEnvironment() : {}),
};
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const flags = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'];
const { status, signal } = spawnSync(process.execPath, [...flags, jest, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env,
});
if (signal) console.error(`The test process was ended by ${signal}.`);
process.exit(status ?? 1);
