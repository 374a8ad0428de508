import { SingleBar } from 'cli-progress';

/** Tells a person how far an evaluation is, and how long it will take yet. */
export interface EvaluationProgress {
  /** One more picture, of which it is known whether it took time: those that were there already did not. */
  readonly advance: (took: boolean) => void;
  readonly stop: () => void;
}

/** Milliseconds between lines where there is no terminal. */
const OFTEN = 30_000;

/** @param total pictures, in all parts together */
export function evaluationProgress(
  total: number,
  stream: NodeJS.WritableStream & { readonly isTTY?: boolean } = process.stderr,
): EvaluationProgress {
  let [done, measured, last] = [0, 0, performance.now()];
  const start = last;
  const left = (): string =>
    measured === 0
      ? ''
      : `${duration((((performance.now() - start) / measured) * (total - done)) / 1000)} left`;
  const bar = stream.isTTY
    ? new SingleBar({
        format: '{bar} {value} of {total} pictures  {left}',
        stream,
        barsize: 24,
        linewrap: true,
      })
    : undefined;
  bar?.start(total, 0, { left: '' });
  return {
    advance(took) {
      done++;
      if (took) measured++;
      if (bar) bar.update(done, { left: left() });
      else if (performance.now() - last > OFTEN && done < total) {
        last = performance.now();
        stream.write(`${done} of ${total} pictures, ${left()}\n`);
      }
    },
    stop() {
      bar?.stop();
    },
  };
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
