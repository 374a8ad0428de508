// Opens and destroys WebGPU backends, and has their remains collected at once. Run with --expose-gc.
import { openWebGPU } from '../../dist/node/index.js';

for (let i = 0; i < 20; i++) {
  const backend = await openWebGPU(process.env.VITRINE_ADAPTER);
  backend.destroy();
  await Promise.resolve();
  globalThis.gc();
}
console.log('all collected');
