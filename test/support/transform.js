// Compiles TypeScript for jest. In its contexts every look-up of a global is intercepted, which takes longer than what a loop does
// with it; so each module looks the language's own names up once, when it is loaded.
import swc from '@swc/jest';
import { createHash } from 'node:crypto';

/** Names that no test replaces and no module declares; one that did would not compile. */
const names = [
  ...['Array', 'ArrayBuffer', 'Infinity', 'Map', 'Math', 'NaN', 'Number', 'Object', 'Set', 'String'],
  ...['DataView', 'Float32Array', 'Float64Array', 'Int32Array', 'Uint8Array', 'Uint16Array', 'Uint32Array'],
];

/** @param {{ code: string }} compiled */
function withOwnNames({ code, ...rest }) {
  const used = names.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  // On the first line, so that all others keep their numbers.
  return { ...rest, code: `const { ${used.join()} } = globalThis;${code}` };
}

/** @type {import('@jest/transform').TransformerFactory<import('@jest/transform').AsyncTransformer>} */
export default {
  createTransformer(options) {
    const { process, processAsync, getCacheKey } = swc.createTransformer(options);
    const own = String(withOwnNames) + names.join();
    return {
      canInstrument: false,
      process: (...file) => withOwnNames(process(...file)),
      processAsync: async (...file) => withOwnNames(await processAsync(...file)),
      getCacheKey: (...file) =>
        createHash('sha256')
          .update(getCacheKey(...file) + own)
          .digest('hex'),
    };
  },
};
