/** Dawn is a large library: loaded only when an adapter is wanted. */
export const loadDawn = () => import('webgpu');

/**
 * Dawn works for as long as something refers to what `create` returns, and the process does not exit before. If that is
 * collected while Dawn has an event loop turn to come for its events, the process crashes in that turn: so Dawn is held
 * until its last turns are over.
 */
export class Dawn {
  private held: GPU | undefined;

  constructor(gpu: GPU) {
    this.held = gpu;
  }

  get gpu(): GPU {
    if (!this.held) throw new Error('Dawn was released.');
    return this.held;
  }

  /** To be called when nothing is under way any more. */
  release(): void {
    setImmediate(() => {
      setImmediate(() => {
        this.held = undefined;
      });
    });
  }
}
