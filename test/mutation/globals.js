// What suites import from @jest/globals, on mocha: it runs tests over and over in one process, which jest does not.
import { expect } from 'expect';
import { bind } from 'jest-each';
import * as jest from 'jest-mock';
import mocha from 'mocha';

const { after: afterAll, afterEach, before: beforeAll, beforeEach } = mocha;

/** The same with `each`; of a test, not of a group of tests, the callback may ask to be called back. */
const withEach = (define, mayBeCalledBack) =>
  Object.assign((...given) => define(...given), {
    each: bind(define, mayBeCalledBack),
    skip: define.skip,
  });

const [describe, test] = [withEach(mocha.describe, false), withEach(mocha.it, true)];
export { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test };
