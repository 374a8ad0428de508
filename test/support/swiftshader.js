import { join } from 'node:path';
import * as tar from 'tar';
import { archives, unpacked } from './unpacked.js';

/**
 * Unpacks SwiftShader (a Vulkan driver that runs on the CPU) and its loader, and returns the variables that make Dawn find it.
 * @returns {Promise<Record<string, string>>}
 */
export async function swiftShaderEnvironment() {
  const folder = await unpacked('swiftshader', (cwd) =>
    tar.x({ file: join(archives, 'swiftshader.tar.br'), cwd, brotli: true }),
  );
  return {
    LD_LIBRARY_PATH: [folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
    VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json'),
  };
}
