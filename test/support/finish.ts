import type { AnyMethod, TokenGeometry, Values } from '../../src/index.js';

/** The map of one picture of what a run gave: as it is, or finished by the host if the method says so. */
export function finish({ finish: work }: AnyMethod, values: Values, layout: TokenGeometry): Values {
  if (work === undefined) return values;
  const steps = work(values, layout);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
