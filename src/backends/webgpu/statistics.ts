/** What a backend has done since it was opened: two looks at it tell what happened between them. */
export interface Statistics {
  /** Distinct pipelines that were compiled. */
  readonly pipelines: number;
  /** How long loads have waited for pipelines. */
  readonly pipelineMilliseconds: number;
  readonly runs: number;
  /**
   * Time of the thread that calls: writing inputs, encoding, submitting and taking results apart, and not the waiting
   * for the device.
   */
  readonly hostMilliseconds: number;
  /** Bytes of results that came back from the device. */
  readonly bytesRead: number;
}

/** The same, while it is counted. */
export class Counters implements Statistics {
  pipelines = 0;
  pipelineMilliseconds = 0;
  runs = 0;
  hostMilliseconds = 0;
  bytesRead = 0;

  /** Counts what `work` takes as the host's time. */
  host<T>(work: () => T): T {
    const start = performance.now();
    try {
      return work();
    } finally {
      this.hostMilliseconds += performance.now() - start;
    }
  }

  now(): Statistics {
    const { pipelines, pipelineMilliseconds, runs, hostMilliseconds, bytesRead } = this;
    return { pipelines, pipelineMilliseconds, runs, hostMilliseconds, bytesRead };
  }
}
