import type { Prediction } from '../../models/index.js';
import { markup, type Markup } from './markup.js';

/**
 * Classes with their probabilities as bars.
 * @param explained indices of those that maps explain
 */
export function classList(
  title: string,
  predictions: readonly Prediction[],
  explained: readonly number[],
): Markup | '' {
  if (predictions.length === 0) return '';
  const items = predictions.map(({ index, label, probability }) => {
    const percent = `${(100 * probability).toFixed(1)} %`;
    const isExplained = explained.includes(index);
    return markup`<li${isExplained ? markup` class="explained"` : ''}>
<span class="line"><span class="name">${label}${
      isExplained ? markup`<span class="unseen"> (explained)</span>` : ''
    }</span><span>${percent}</span></span>
<svg viewBox="0 0 1000 6" preserveAspectRatio="none" aria-hidden="true"><rect width="1000" height="6"/><rect class="share" width="${Math.round(1000 * probability)}" height="6"/></svg></li>`;
  });
  return markup`<h2>${title}</h2>
<ol class="classes">${items}</ol>`;
}
