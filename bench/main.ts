import { VitrineError } from 'vitrine';
import { checkWritable, writeFileAtomically } from 'vitrine/node';
import { DisagreementError } from './compare/agreement.js';
import { benchPeers } from './compare/peers.js';
import { printComparison, readReport } from './earlier.js';
import { benchEngine } from './engine.js';
import { withoutDriverCaches } from './loading.js';
import { parseOptions, type BenchOptions } from './options.js';
import { benchKernel } from './single-kernel.js';
import { tune } from './tune.js';

/** Exit status when the person can do something about the failure. */
const USER_ERROR = 2;

async function run(options: BenchOptions): Promise<void> {
  const earlier = options.compare === undefined ? undefined : await readReport(options.compare);
  for (const path of [options.json, options.timeline]) if (path !== undefined) await checkWritable(path);
  withoutDriverCaches(process.env);
  const alone = options.kernel === undefined ? benchEngine : benchKernel;
  const bench = options.tune ? tune : options.peers ? benchPeers : alone;
  const report = await bench(options);
  if (earlier) printComparison(earlier, report);
  if (options.json !== undefined) {
    await writeFileAtomically(options.json, `${JSON.stringify(report, null, 1)}\n`);
  }
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options) await run(options);
} catch (error) {
  process.exitCode = error instanceof VitrineError ? USER_ERROR : 1;
  const isSaid = error instanceof VitrineError || error instanceof DisagreementError;
  console.error(isSaid ? `bench: ${error.message}` : error);
}
