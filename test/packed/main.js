// Packs vitrine, installs the packed file into an empty project, and does there what the README says.
//
//   npm run test:packed      needs the npm registry, or what it gave before in npm's cache
//
// With the weights of DeiT-tiny in weights/ or in VITRINE_REFERENCE/weights the library's example is run as it stands;
// without, with the model that ships.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkCommand } from './command.js';
import { checkContents } from './contents.js';
import { checkExample } from './example.js';
import { installInto } from './install.js';
import { run } from './run.js';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'vitrine-packed-'));
const project = join(folder, 'project');
try {
  step('pack');
  run('npm', ['pack', '--pack-destination', folder], { cwd: checkout });
  const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
  const packed = join(folder, `vitrine-${version}.tgz`);
  checkContents(packed, checkout);

  step('install into an empty project');
  mkdirSync(project);
  installInto(project, packed);
  cpSync(join(checkout, 'examples'), join(project, 'examples'), { recursive: true });

  step("the README's command");
  checkCommand(project, checkout);

  step("the README's example of the library");
  checkExample(project, checkout);
  console.log('packed: all is well.');
} catch (error) {
  console.error(`packed: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function step(name) {
  console.log(`packed: ${name}`);
}
