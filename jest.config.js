/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': ['$1.ts', '$1.js'],
    // As bench/ names the package; its sources, so that tests and bench share one copy.
    '^vitrine$': '<rootDir>/src/index.ts',
    '^vitrine/train$': '<rootDir>/src/train/index.ts',
    '^vitrine/node$': '<rootDir>/src/node/index.ts',
    '^vitrine/web$': '<rootDir>/src/web/index.ts',
  },
  transform: {
    '^.+\\.ts$': [
      '<rootDir>/test/support/transform.js',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  // A process of its own for each suite: when a suite's context is collected while another suite's adapter works in
  // the same process, Dawn may crash. The limit, which every suite exceeds, is what makes jest replace the process.
  maxWorkers: 2,
  workerIdleMemoryLimit: '1MB',
  testTimeout: 300_000,
  reporters: ['default', '<rootDir>/test/support/summary-reporter.js'],
};
