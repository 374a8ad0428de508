// Tests the tests: changes the sources in a copy, one small change at a time, and tells which of the changes no test notices.
//
//   npm run mutate                           all rooms that rooms.js lists
//   npm run mutate -- explain                one or several of them
//   npm run mutate -- explain --tables       also what is settled when a file is loaded, as tables and help texts are: each
//                                            such change needs a process of its own, and takes longer
//   npm run mutate -- models --tenth         only what lies in every tenth piece of the sources: a sample, in minutes
import { Stryker } from '@stryker-mutator/core';
import { everyTenth } from './sample.js';
import { rooms } from './rooms.js';

const given = process.argv.slice(2);
const named = given.filter((word) => !['--tables', '--tenth'].includes(word));
const chosen = named.length > 0 ? named : Object.keys(rooms);
const unknown = chosen.find((room) => !Object.hasOwn(rooms, room));
if (unknown !== undefined) {
  console.error(`There is no room "${unknown}" to change; choose among: ${Object.keys(rooms).join(', ')}.`);
  process.exit(2);
}

// Every run must have the same tests under the same names, and their titles hold the seed.
process.env.VITRINE_TEST_SEED ??= '1';
process.env.VITRINE_TEST_BACKENDS = 'reference';
delete process.env.VITRINE_REFERENCE;

for (const room of chosen) {
  await new Stryker({
    mutate: given.includes('--tenth') ? everyTenth(rooms[room].sources) : rooms[room].sources,
    buildCommand: `node test/mutation/bundle.js ${room}`,
    testRunner: 'mocha',
    mochaOptions: { spec: ['test/mutation/suites.mjs'] },
    // Beyond what the tests themselves take: a slow machine is no endless loop.
    timeoutMS: 20_000,
    dryRunTimeoutMinutes: 20,
    coverageAnalysis: 'perTest',
    ignoreStatic: !given.includes('--tables'),
    ignorePatterns: [
      '/bench',
      '/docs',
      '/native/*',
      '!/native/build',
      '/native/build/Release/obj.target',
      '/recipes',
      '/shaders',
      '/wasm',
    ],
    concurrency: 2,
    tempDirName: 'coverage/mutants',
    cleanTempDir: 'always',
    reporters: ['clear-text', 'progress', 'html'],
    htmlReporter: { fileName: `coverage/mutation/${room}.html` },
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    disableTypeChecks: false,
  }).runMutationTest();
}
