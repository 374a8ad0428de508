import js from '@eslint/js';
import tseslint from 'typescript-eslint';

// Imports go downward only. Each room under src/ names the rooms it may look into;
// a room that is not on its list is above it, or none of its business.
const rooms = {
  tensor: [],
  compiler: ['tensor'],
  backends: ['tensor', 'compiler'],
  nn: ['tensor'],
  image: [],
  models: ['tensor', 'nn', 'image', 'data'],
  explain: ['tensor'],
  evaluate: ['tensor', 'image', 'explain'],
  data: ['image', 'evaluate'],
  train: ['tensor', 'compiler', 'nn', 'models', 'image', 'data'],
  node: ['tensor', 'compiler', 'backends', 'nn', 'models', 'image', 'explain', 'evaluate', 'data', 'train'],
  cli: [
    'tensor',
    'compiler',
    'backends',
    'nn',
    'models',
    'image',
    'explain',
    'evaluate',
    'data',
    'train',
    'node',
  ],
};

// The engine also runs in a browser: files, decoders and devices come in as arguments.
const nodeOnly = {
  regex: '^(node:|webgpu$|pngjs$|sharp$|commander$|cli-progress$|@huggingface/)',
  message: 'Only src/node and src/cli may touch Node; take what you need as an argument.',
};

const directionRules = Object.entries(rooms).map(([room, below]) => ({
  files: [`src/${room}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^(\\.\\./)+(?!${[...below, room, 'errors\\.js'].join('|')})[a-z]+/`,
            message: `src/${room} may import from: ${below.join(', ') || 'itself only'}.`,
          },
          ...(room === 'node' || room === 'cli' ? [] : [nodeOnly]),
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['dist', 'bench/dist', 'recipes/*/dist', 'node_modules', 'coverage', 'explanations'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
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
    files: ['**/*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
  ...directionRules,
);
