import js from '@eslint/js';
import tseslint from 'typescript-eslint';

// Imports go downward only. Each room under src/ names the rooms it may look into;
// a room that is not on its list is above it, or none of its business.
const engine = ['tensor', 'compiler', 'backends', 'nn', 'image', 'models'];
const rooms = {
  tensor: [],
  compiler: ['tensor'],
  backends: ['tensor', 'compiler'],
  nn: ['tensor'],
  image: [],
  models: ['tensor', 'nn', 'image'],
  explain: ['tensor', 'nn', 'image'],
  evaluate: ['tensor', 'image', 'explain'],
  data: ['image', 'models'],
  train: ['tensor', 'compiler', 'nn', 'models', 'image', 'explain', 'data'],
  pipeline: [...engine, 'explain', 'evaluate'],
  report: ['image', 'models', 'explain', 'pipeline'],
  node: [...engine, 'explain', 'evaluate', 'data', 'train', 'pipeline', 'report'],
  batch: [...engine, 'explain', 'pipeline', 'report', 'node'],
  cli: [...engine, 'explain', 'evaluate', 'data', 'train', 'pipeline', 'report', 'node', 'batch'],
  web: [...engine, 'explain', 'pipeline', 'report'],
};

// The engine also runs in a browser: files, decoders and devices come in as arguments.
const nodeOnly = {
  regex: '^(node:|webgpu$|pngjs$|sharp$|commander$|cli-progress$|@huggingface/|undici$|proxy-from-env$)',
  message: 'Only src/node, src/batch and src/cli may touch Node; take what you need as an argument.',
};

/** Of the folders inside a room, `../` leads to a neighbour in the room, and one more to another room. */
const depths = [1, 2, 3];
const directionRules = Object.entries(rooms).flatMap(([room, below]) =>
  depths.map((depth) => ({
    files: [`src/${room}/${'*/'.repeat(depth - 1)}*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^(\\.\\./){${depth}}(?!(${[...below, room].join('|')})/)[a-z]+/`,
              message: `src/${room} may import from: ${below.join(', ') || 'itself only'}.`,
            },
            ...(['node', 'batch', 'cli'].includes(room) ? [] : [nodeOnly]),
          ],
        },
      ],
    },
  })),
);

/**
 * The page takes the library by its public names. Its worker and what draws know nothing of what is shown around them.
 */
const pageRooms = {
  engine: [],
  draw: [],
  state: ['draw'],
  components: ['draw', 'state', 'tour'],
  tour: ['draw', 'state', 'components'],
};
const library = {
  regex: '^(vitrine/(?!web(/wasm-thread(\\?worker)?)?$)|(\\.\\./){2})',
  message: 'The page imports "vitrine" and "vitrine/web", and nothing of Node or by its path.',
};
const pageRules = Object.entries(pageRooms).map(([room, below]) => ({
  files: [`page/src/${room}/*.{ts,tsx}`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          library,
          nodeOnly,
          {
            // What a worker runs is not imported, only its address.
            regex: `^\\.\\./(?!(${[...below, room].join('|')})/)[a-z]+/(?!.*[?]worker&url$)`,
            message: `page/src/${room} may import from: ${below.join(', ') || 'itself only'}.`,
          },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  {
    ignores: [
      'dist',
      'bench/dist',
      'page/dist',
      'recipes/*/dist',
      'node_modules',
      'coverage',
      'explanations',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    ignores: ['wasm/**'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['page/**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { project: './page/tsconfig.json' } },
  },
  {
    // AssemblyScript, whose compiler checks the types, and whose names are not TypeScript's.
    files: ['wasm/**/*.ts'],
    extends: [...tseslint.configs.recommended],
    rules: { eqeqeq: 'error' },
  },
  {
    files: ['**/*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
  ...directionRules,
  ...pageRules,
);
