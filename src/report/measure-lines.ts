import { toldMeasures, type ToldAppraisal } from '../pipeline/index.js';
import { ofShapes, stacked, type Drawing } from './drawing.js';
import { inks, setText } from './typeface/typeset.js';
import { paragraph } from './words.js';

const [row, size] = [12, 9.5];

/** Whether a map can be believed: the sentence, and the numbers beside those of maps that know nothing. */
export function measureLines({ sentence, scores, random, uniform }: ToldAppraisal, width: number): Drawing {
  const cells = [
    ['', 'this map', 'random', 'uniform'],
    ...toldMeasures.map(({ name, digits }) => [
      name,
      ...[scores, random, uniform].map((of) => of[name].toFixed(digits).replace('-', '\u2212')),
    ]),
  ];
  const shapes = cells.flatMap(([name, ...numbers], r) => {
    const y = r * row + 0.76 * row;
    const fill = r === 0 ? inks.faint : inks.text;
    const ends = numbers.map((text, c) => {
      const x = width * (0.5 + 0.25 * c);
      return setText(text, { x, y, size, anchor: 'end', fill: c === 0 ? fill : inks.faint });
    });
    return [...(name === '' ? [] : [setText(name, { x: 0, y, size, fill })]), ...ends];
  });
  const table = ofShapes({ width, height: cells.length * row }, shapes);
  const lower = toldMeasures.filter(({ better }) => better === 'lower').map(({ name }) => name);
  const better = `the lower the better: ${lower.join(', ')}; the others the higher`;
  // A number and its percent sign stay on one line.
  const unbroken = sentence.replaceAll(' %', '\u00a0%');
  return stacked([paragraph(unbroken, 'body', width), table, paragraph(better, 'small', width)], 4);
}
