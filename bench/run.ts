import { checkWritable, writeFileAtomically } from 'vitrine/node';
import { benchPeers } from './compare/peers.js';
import { printComparison, readReport } from './earlier.js';
import { benchEngine } from './engine.js';
import { withoutDriverCaches } from './loading.js';
import type { BenchOptions } from './options.js';
import { benchKernel } from './single-kernel.js';
import { tune } from './tune.js';

/**
 * Measures what the options ask for, prints it, and writes the files that they name.
 * @throws UsageError before anything is measured if a file cannot be read or written
 */
export async function run(options: BenchOptions): Promise<void> {
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
