// Ends a run with what was left out and why (the suites' names say it), and one plain line of counts: a skipped
// test must not hide in a green run.
export default class SummaryReporter {
  /**
   * @param {unknown} _contexts
   * @param {import('@jest/reporters').AggregatedResult} results
   */
  onRunComplete(_contexts, results) {
    const skipped = results.testResults.flatMap(({ testResults }) =>
      testResults
        .filter(({ status }) => status === 'pending')
        .map(({ ancestorTitles }) => ancestorTitles.join(' › ')),
    );
    if (skipped.length > 0 && !process.argv.includes('-t')) {
      console.error('\nLeft out:');
      for (const title of new Set(skipped)) console.error(`  ${title}`);
    }
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = results;
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    console.error(`\n${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped`);
  }
}
