import type { Values } from '../../tensor/index.js';
import { metricsOf, type Metrics } from './metrics.js';

/** What a classifier says of pictures, one after the other. */
export class Predictions {
  readonly #probabilities: Float64Array[] = [];
  readonly #labels: number[] = [];

  /** @param logits of a picture. [classes] */
  add(logits: Values, label: number): void {
    let highest = -Infinity;
    for (const logit of logits) highest = Math.max(highest, logit);
    const probabilities = Float64Array.from(logits, (logit) => Math.exp(logit - highest));
    const sum = probabilities.reduce((total, value) => total + value, 0);
    this.#probabilities.push(probabilities.map((value) => value / sum));
    this.#labels.push(label);
  }

  get count(): number {
    return this.#labels.length;
  }

  /** Of all that were added; at least one. */
  metrics(): Metrics {
    const [{ length: classes }] = this.#probabilities;
    const all = new Float64Array(this.count * classes);
    this.#probabilities.forEach((values, picture) => {
      all.set(values, picture * classes);
    });
    return metricsOf(all, this.#labels);
  }
}
