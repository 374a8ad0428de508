import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import ts from 'typescript';
import * as vitrine from '../../src/index.js';
import * as node from '../../src/node/index.js';
import { packageFolder } from '../cli/command.js';

/** What examples take as given. */
const given = `
import type { Backend, VisionTransformer } from 'vitrine';
import type * as heads from './dist/explain/heads.js';
import type * as options from './dist/explain/options.js';
import type * as propagation from './dist/explain/propagation.js';
declare global {
  const backend: Backend;
  const model: VisionTransformer;
  const image: Float32Array;
  // What development.md names is inside the package.
  const fuseHeads: typeof heads.fuseHeads;
  const headFusion: typeof options.headFusion;
  const queryMap: typeof propagation.queryMap;
}
`;

const inPackage = (path: string): string => join(packageFolder, path);
const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  noEmit: true,
  paths: {
    vitrine: [inPackage('dist/index.d.ts')],
    'vitrine/node': [inPackage('dist/node/index.d.ts')],
    'vitrine/train': [inPackage('dist/train/index.d.ts')],
    'vitrine/web': [inPackage('dist/web/index.d.ts')],
  },
};

/**
 * The examples of a document as one module: each in the scope of those before it, and of all that can be imported, or by
 * itself if it imports what it uses.
 */
function moduleOf(document: string): string {
  const text = readFileSync(inPackage(document), 'utf8');
  const examples = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);
  if (examples.some((code) => /^import /m.test(code))) return examples.join('\n');
  const imports = Object.entries({ vitrine, 'vitrine/node': node }).map(
    ([barrel, values]) => `import { ${Object.keys(values).join(', ')} } from '${barrel}';`,
  );
  const inScopes = examples.map((code) => `{\n${code.replace(/^export /gm, '')}`);
  return [...imports, ...inScopes, '}'.repeat(examples.length), 'export {};'].join('\n');
}

/** What the compiler says of modules that are nowhere on the disk, by file. */
function complaintsAbout(modules: Readonly<Record<string, string>>): Record<string, string[]> {
  const sources = new Map(Object.entries(modules).map(([file, source]) => [inPackage(file), source]));
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram([...sources.keys()], options, {
    ...host,
    fileExists: (file) => sources.has(file) || host.fileExists(file),
    readFile: (file) => sources.get(file) ?? host.readFile(file),
    getSourceFile(file, version) {
      const text = sources.get(file);
      return text === undefined
        ? host.getSourceFile(file, version)
        : ts.createSourceFile(file, text, version);
    },
  });
  const complaints = Object.keys(modules).map((file) => {
    const found = ts.getPreEmitDiagnostics(program, program.getSourceFile(inPackage(file)));
    return [file, found.map(inWords)];
  });
  return Object.fromEntries(complaints) as Record<string, string[]>;
}

function inWords({ file, start, messageText }: ts.Diagnostic): string {
  const line = file?.text.slice(start).split('\n')[0] ?? '';
  return `${ts.flattenDiagnosticMessageText(messageText, ' ')} At: ${line}`;
}

test('the compiler takes the examples of the documents', () => {
  const complaints = complaintsAbout({
    'given.d.ts': given,
    'readme.ts': moduleOf('README.md'),
    'library.ts': moduleOf('docs/library.md'),
    'development.ts': moduleOf('docs/development.md'),
    'training.ts': moduleOf('docs/training.md'),
    'broken.ts': `${moduleOf('docs/library.md')}\nrollout.map(1);`,
  });
  expect(complaints).toEqual({
    'given.d.ts': [],
    'readme.ts': [],
    'library.ts': [],
    'development.ts': [],
    'training.ts': [],
    'broken.ts': [expect.stringContaining('At: 1')],
  });
});
