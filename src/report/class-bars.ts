import type { Prediction } from '../models/index.js';
import { ofShapes, type Drawing } from './drawing.js';
import { rectangle } from './shapes.js';
import { inks, setText, shortened, widthOf } from './typeface/typeset.js';

const [row, size, thickness] = [25, 11, 4];
const colours = { explained: '#c2410c', other: '#93a1b0', rest: '#dde2e8' };

/**
 * Classes with their probabilities as bars, one below the other.
 * @param explained indices of the classes that the maps beside it explain
 */
export function classBars(
  predictions: readonly Prediction[],
  explained: readonly number[],
  width: number,
): Drawing {
  const shapes = predictions.flatMap(({ index, label, probability }, position) => {
    const percent = inPercent(probability);
    const room = width - widthOf(percent, size) - 8;
    const y = position * row + 12;
    const fill = explained.includes(index) ? colours.explained : colours.other;
    return [
      setText(shortened(label, size, room), { x: 0, y, size }),
      setText(percent, { x: width, y, size, anchor: 'end', fill: inks.faint }),
      rectangle(0, y + 4, width, thickness, colours.rest),
      rectangle(0, y + 4, Math.max(0.5, width * probability), thickness, fill),
    ];
  });
  return ofShapes({ width, height: predictions.length * row }, shapes);
}

function inPercent(probability: number): string {
  return `${(100 * probability).toFixed(1)} %`;
}
