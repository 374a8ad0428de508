/** Shows how a download gets on. */
export interface DownloadProgress {
  /** Called when the size is known and again for each piece, in bytes. */
  readonly update: (received: number, total: number) => void;
  /** Called once, also after a failure. */
  stop(done: boolean): void;
}

/** A stream to a person: `process.stderr`, or a stand-in. */
export type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** A bar on a terminal; in a log, where a bar is a thousand lines, one line at the start and one at the end. */
export async function downloadProgress(
  what: string,
  stream: ProgressStream = process.stderr,
): Promise<DownloadProgress> {
  return stream.isTTY ? bar(what, stream) : lines(what, stream);
}

async function bar(what: string, stream: ProgressStream): Promise<DownloadProgress> {
  const { SingleBar, Presets } = (await import('cli-progress')).default;
  const format = `${what} {bar} {percentage}% of {size}`;
  // Line wrapping stays on, because the bar could not switch it back on after Ctrl-C.
  const view = new SingleBar({ format, stream, barsize: 24, linewrap: true }, Presets.shades_classic);
  let started = false;
  return {
    update(received, total) {
      if (!started) view.start(total, 0, { size: megabytes(total) });
      started = true;
      view.update(received);
    },
    stop() {
      view.stop();
    },
  };
}

function lines(what: string, stream: ProgressStream): DownloadProgress {
  let started = false;
  return {
    update(_received, total) {
      if (!started) stream.write(`Downloading ${what} (${megabytes(total)})\n`);
      started = true;
    },
    stop(done) {
      if (done) stream.write(`Downloaded ${what}\n`);
    },
  };
}
