/** WebGPU, which only those load who compute with it. */
import { openWebGPU } from 'vitrine/web';
import type { WebGPUBackend } from 'vitrine';

export async function openAdapter(): Promise<WebGPUBackend> {
  const { readShader } = await import('./shaders.js');
  return openWebGPU({ shaders: readShader });
}
