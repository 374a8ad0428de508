import { checkBackend, type Backend } from '../../compiler/backend.js';
import type { Golden } from './golden.js';
import { checkKernels } from './kernels.js';
import { checkModel } from './model.js';
import type { SelfCheckReport } from './report.js';

/**
 * Compares a backend with golden values: the forward pass, every gradient and one step of AdamW of a micro vision
 * transformer with PyTorch in float64, and every kernel, each alone, with `ReferenceBackend`. Some drivers get the
 * forward pass right and compute zero gradients: nothing but a comparison shows it.
 * @param golden a reading of its own: the check trains the model
 * @returns errors and bounds; a wrong result is a row that is not ok, not an exception
 * @throws DeviceError if the backend cannot run at all
 */
export async function runSelfCheck(backend: Backend, golden: Golden): Promise<SelfCheckReport> {
  checkBackend('runSelfCheck', backend);
  const rows = [...(await checkModel(backend, golden)), ...(await checkKernels(backend))];
  return { rows, ok: rows.every(({ ok }) => ok) };
}
