/**
 * The rooms whose tests are tested: the sources that are changed, and the folders of the suites that are to notice it.
 * @type {Readonly<Record<string, { readonly sources: readonly string[], readonly suites: readonly string[] }>>}
 */
export const rooms = {
  explain: {
    sources: ['src/explain/**/*.ts'],
    suites: ['test/explain', 'test/pipeline'],
  },
  rewrites: {
    sources: ['src/compiler/rewrites/**/*.ts'],
    suites: ['test/compiler'],
  },
  image: {
    sources: ['src/image/**/*.ts'],
    suites: ['test/image', 'test/evaluate'],
  },
  report: {
    // The shapes of letters are data.
    sources: ['src/report/**/*.ts', '!src/report/typeface/letters.ts'],
    suites: ['test/report'],
  },
  models: {
    // Labels are data.
    sources: ['src/models/**/*.ts', '!src/models/registry/*-labels.ts'],
    suites: ['test/models'],
  },
};

/** What tests every room: that nothing is taken which makes no sense. */
export const ofAllRooms = ['test/misuse.test.ts'];

/** Suites in those folders that are about something else, and need a GPU, the C++ backend, codecs or reference data for it. */
export const leftOut = [
  /\.golden\.test\.ts$/,
  /compiler\/(profile|programs)\.test\.ts$/,
  /image\/(avif|bmp|bombs|damaged-pictures|doubtful-pictures|files|frames|jpeg|large|pictures|png-exif|pnm)\.test\.ts$/,
  /models\/shipped\.test\.ts$/,
  /pipeline\/explainer\.test\.ts$/,
];
