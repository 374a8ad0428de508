import { SingleBar } from 'cli-progress';

/** Tells a person how far work on many pictures is, how fast it goes, and how long it will take yet. */
export interface PictureProgress {
  /** One more picture, of which it is known whether it took time: those that were there already did not. */
  readonly advance: (took: boolean) => void;
  readonly stop: () => void;
}

/** Milliseconds between lines where there is no terminal. */
const OFTEN = 30_000;

/** @param total pictures, in all parts together */
export function pictureProgress(
  total: number,
  stream: NodeJS.WritableStream & { readonly isTTY?: boolean } = process.stderr,
): PictureProgress {
  let [done, measured, last] = [0, 0, performance.now()];
  const start = last;
  const left = (): string =>
    measured === 0 ? '' : `${duration((seconds() / measured) * (total - done))} left`;
  const seconds = (): number => (performance.now() - start) / 1000;
  const rate = (): string => (measured === 0 ? '' : `${(measured / seconds()).toPrecision(3)}/s, `);
  const bar = stream.isTTY
    ? new SingleBar({
        format: '{bar} {value} of {total} pictures  {rate}{left}',
        stream,
        barsize: 24,
        linewrap: true,
      })
    : undefined;
  bar?.start(total, 0, { rate: '', left: '' });
  return {
    advance(took) {
      done++;
      if (took) measured++;
      if (bar) bar.update(done, { rate: rate(), left: left() });
      else if (performance.now() - last > OFTEN && done < total) {
        last = performance.now();
        stream.write(`${done} of ${total} pictures, ${rate()}${left()}\n`);
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
