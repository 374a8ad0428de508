import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What the page fetches by name: kernels, the model that ships, the example pictures. Where to, from which folder, which files. */
const fetched = {
  wasm: ['dist/wasm', '.wasm'],
  weights: ['weights', 'vit_scenes_patch8_72.safetensors'],
  examples: ['examples', '.png'],
  // Of the letters.
  licences: ['src/report/typeface', 'OFL.txt'],
};

/** Puts them beside the page under their own names. */
function filesByName() {
  return {
    name: 'files-by-name',
    generateBundle() {
      for (const [to, [folder, ending]] of Object.entries(fetched)) {
        const files = readdirSync(`${root}${folder}`).filter((file) => file.endsWith(ending));
        if (files.length === 0) this.error(`${folder} holds no ${ending}; run "npm run build" first.`);
        for (const file of files) {
          this.emitFile({
            type: 'asset',
            fileName: `${to}/${file}`,
            source: readFileSync(`${root}${folder}/${file}`),
          });
        }
      }
    },
  };
}

/** Lets WebAssembly have threads. The page also runs where a host sends no such headers, on one thread. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** The library's sources, by the names that its package has for them. */
const alias = [
  { find: /^vitrine\/web\/wasm-thread(?=\?|$)/, replacement: `${root}src/web/wasm-thread.ts` },
  { find: /^vitrine\/web$/, replacement: `${root}src/web/index.ts` },
  { find: /^vitrine$/, replacement: `${root}src/index.ts` },
];

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // From any path of any host.
  base: './',
  resolve: { alias },
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  worker: { format: 'es' },
  build: {
    outDir: `${root}page/dist`,
    emptyOutDir: true,
    target: 'es2022',
    // A font as a data address would not pass the page's own policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  plugins: [filesByName()],
  preview: { host: '127.0.0.1', port: 4173, headers: isolation },
});
