import { describe, expect, test } from '@jest/globals';
import { parseSweep } from '../../src/cli/sweep-text.js';
import { UsageError } from '../../src/index.js';

describe('the text of a sweep', () => {
  test.each<[string, string, unknown[]]>([
    ['discard-ratio=0:0.9:0.3', 'discardRatio', [0, 0.3, 0.6, 0.9]],
    // The last step need not be whole, and sums of tenths are told as tenths.
    ['discard-ratio=0:0.99:0.1', 'discardRatio', [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]],
    [' --discard-ratio = .5 , .25', 'discardRatio', [0.5, 0.25]],
    ['head-fusion=mean,max,min,max', 'headFusion', ['mean', 'max', 'min']],
    ['layers=0-3,4-7,8', 'layers', [[0, 3], [4, 7], [8, 8]]],
    ['patch=3,4;5,6', 'patch', [[3, 4], [5, 6]]],
    ['heads=fused,2', 'heads', ['fused', 2]],
    ['block=0:11:5', 'block', [0, 5, 10]],
    // What the option makes of it is the option's to say.
    ['head-fusion=mean,sum', 'headFusion', ['mean', 'sum']],
  ])('%s', (text, option, values) => {
    expect(parseSweep(text)).toEqual({ option, values });
  }); // prettier-ignore

  test.each([
    ['', /^--sweep is ""; give an option and its values, such as discard-ratio=0:0\.9:0\.1\.$/],
    ['discard-ratio', /^--sweep is "discard-ratio"; give an option/],
    ['=1,2', /^--sweep is "=1,2"; give an option/],
    ['ratio=1,2', /^--sweep knows no option "ratio"; choose one of: .*discard-ratio/],
    ['discard-ratio=', /has no values; give at least two/],
    ['discard-ratio=0.5', /has one value; give at least two/],
    ['discard-ratio=0:0.9', /has no steps; give the first value, the last and the step/],
    ['discard-ratio=0:0.9:0', /has no steps/],
    ['discard-ratio=0:0.9:-0.1', /has no steps/],
    ['discard-ratio=0.9:0:0.1', /has no steps/],
    ['discard-ratio=0::0.1', /has no steps/],
    ['discard-ratio=a:b:c', /has no steps/],
    ['discard-ratio=0:1:Infinity', /has no steps/],
    ['discard-ratio=0:0.9:1e-9', /has more than 200 values; give a larger step\.$/],
  ])('%j is refused', (text, message) => {
    expect(() => parseSweep(text)).toThrow(UsageError);
    expect(() => parseSweep(text)).toThrow(message);
  }); // prettier-ignore
});
