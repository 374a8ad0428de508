import type { Backend } from '../compiler/backend.js';
import { readGolden } from './self-check-golden.js';
import { checkKernels } from './self-check-kernels.js';
import { checkModel } from './self-check-model.js';
import type { SelfCheckReport } from './self-check-report.js';

export {
  formatSelfCheck,
  selfCheckVerdict,
  type SelfCheckReport,
  type SelfCheckRow,
} from './self-check-report.js';

/**
 * Compares a backend with golden values: the forward pass, every gradient and one step of AdamW of a micro vision
 * transformer with PyTorch in float64, and the kernels that only explanations use with `ReferenceBackend`. Some
 * drivers get the forward pass right and compute zero gradients: nothing but a comparison shows it.
 * @param goldenPath of another copy of the golden data than the package's own
 * @returns errors and bounds; a wrong result is a row that is not ok, not an exception
 * @throws WeightsError if the golden data is missing or damaged
 * @throws DeviceError if the backend cannot run at all
 */
export async function runSelfCheck(backend: Backend, goldenPath?: string): Promise<SelfCheckReport> {
  const golden = await readGolden(goldenPath);
  const rows = [...(await checkModel(backend, golden)), ...(await checkKernels(backend))];
  return { rows, ok: rows.every(({ ok }) => ok) };
}
