import { readGolden } from '../node/index.js';
import { formatSelfCheck, runSelfCheck } from '../pipeline/index.js';
import { deviceInWords, openDevice } from './device.js';
import { checkDevice, type RawExplainOptions } from './explain-options.js';

/**
 * Checks whether the chosen device computes correctly and prints a table of errors.
 * @returns the exit status: 0, or 1 if it computes wrongly
 */
export async function selfCheck(raw: RawExplainOptions): Promise<number> {
  const { backend } = await openDevice(checkDevice(raw));
  try {
    const report = await runSelfCheck(backend, await readGolden());
    console.log(formatSelfCheck(report, deviceInWords({ backend })));
    return report.ok ? 0 : 1;
  } finally {
    backend.destroy();
  }
}
