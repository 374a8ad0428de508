import { build } from 'esbuild';
const suites = process.argv.slice(2);
await build({
  stdin: { contents: suites.map((p) => `import './test/${p}.test.ts';`).join('\n'), resolveDir: '.' },
  outfile: 'test/mutation/suites.mjs', bundle: true, platform: 'node', target: 'node20', ignoreAnnotations: true, format: 'esm',
  alias: { '@jest/globals': './test/mutation/globals.js' },
  external: ['expect', 'jest-each', 'jest-mock', 'mocha', 'pngjs', 'sharp', 'webgpu', '@huggingface/hub'], logLevel: 'warning',
});
