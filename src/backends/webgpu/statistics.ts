/** What a backend has done since it was opened: two looks at it tell what happened between them. */
export interface Statistics {
  /** Distinct pipelines that were compiled. */
  readonly pipelines: number;
  /** How long loads have waited for pipelines. */
  readonly pipelineMilliseconds: number;
  readonly runs: number;
  /**
   * Time of the thread that calls before the device begins and after it ends: writing inputs, submitting, taking results
   * apart; and recording commands where they were not recorded before.
   */
  readonly hostMilliseconds: number;
  /** Time that the same thread took to record the next run's commands, while the device worked. */
  readonly recordingMilliseconds: number;
  /** Bytes of results that came back from the device. */
  readonly bytesRead: number;
}

/** The same, while it is counted. */
export class Counters implements Statistics {
  pipelines = 0;
  pipelineMilliseconds = 0;
  runs = 0;
  hostMilliseconds = 0;
  recordingMilliseconds = 0;
  bytesRead = 0;

  /** Counts what `work` takes as the host's time. */
  host<T>(work: () => T): T {
    return this.time('hostMilliseconds', work);
  }

  /** Counts what `work` takes as recording. */
  recording<T>(work: () => T): T {
    return this.time('recordingMilliseconds', work);
  }

  private time<T>(counter: 'hostMilliseconds' | 'recordingMilliseconds', work: () => T): T {
    const start = performance.now();
    try {
      return work();
    } finally {
      this[counter] += performance.now() - start;
    }
  }

  now(): Statistics {
    const { pipelines, pipelineMilliseconds, runs, bytesRead } = this;
    const { hostMilliseconds, recordingMilliseconds } = this;
    return { pipelines, pipelineMilliseconds, runs, hostMilliseconds, recordingMilliseconds, bytesRead };
  }
}
