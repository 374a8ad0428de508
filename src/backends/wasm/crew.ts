import { DeviceError } from '../../errors.js';
import { Control } from './layout.js';
import { instantiate, type Answer, type Order } from './thread.js';

/** A thread of the platform that runs `serveThread`. */
export interface HostThread {
  send(order: Order): void;
  /** Whether the process must not end before this thread has answered. */
  hold(working: boolean): void;
  stop(): void;
}

/** Starts threads: the only part of the backend that depends on the platform. */
export interface ThreadHost {
  /**
   * @param heard is called with each answer of the thread
   * @param failed is called if the thread cannot be started, or ends of itself
   */
  start(heard: (answer: Answer) => void, failed: (why: string) => void): HostThread;
}

/** Those who run programs. */
export interface Crew {
  readonly threads: number;
  /**
   * Runs programs one after the other, on all threads.
   * @param times 0, or where each step's milliseconds are added up
   */
  run(programs: readonly number[], times: number): Promise<void>;
  stop(): void;
}

/** The caller's own thread. */
export async function crewOfOne(module: WebAssembly.Module, memory: WebAssembly.Memory): Promise<Crew> {
  const kernels = await instantiate(module, memory);
  return {
    threads: 1,
    run: (programs, times) =>
      new Promise((resolve) => {
        for (const program of programs) kernels.run(program, 0, 0, times);
        resolve();
      }),
    stop: () => undefined,
  };
}

/** Threads of a host, so that the caller's own is free meanwhile. */
export class HostedCrew implements Crew {
  private readonly members: HostThread[] = [];
  private waiting = 0;
  private failure: string | undefined;
  private done: { resolve: () => void; reject: (error: Error) => void } | undefined;

  /**
   * @param memory shared, with the control block at `control`
   * @throws DeviceError if the host cannot start the threads
   */
  static async start(
    host: ThreadHost,
    threads: number,
    module: WebAssembly.Module,
    memory: WebAssembly.Memory,
    control: number,
  ): Promise<HostedCrew> {
    new Uint32Array(memory.buffer, control, Control.words).fill(0)[Control.threads] = threads;
    const crew = new HostedCrew(threads);
    try {
      await crew.answered(() => {
        for (let i = 0; i < threads; i++) crew.members.push(crew.startOne(host));
        crew.members.forEach((member, thread) => {
          member.send({ kind: 'begin', module, memory, control, thread });
        });
      });
    } catch (error) {
      crew.stop();
      throw error;
    }
    return crew;
  }

  private constructor(readonly threads: number) {}

  run(programs: readonly number[], times: number): Promise<void> {
    return this.answered(() => {
      for (const member of this.members) member.send({ kind: 'run', programs, times });
    });
  }

  stop(): void {
    this.failure ??= 'its threads were stopped';
    for (const member of this.members.splice(0)) member.stop();
  }

  private startOne(host: ThreadHost): HostThread {
    return host.start(
      ({ failure }) => {
        if (failure !== undefined) this.fail(failure);
        else if (--this.waiting === 0) this.settle();
      },
      (why) => {
        this.fail(why);
      },
    );
  }

  /** Gives orders and waits for an answer to each. */
  private answered(order: () => void): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.error());
    return new Promise((resolve, reject) => {
      this.done = { resolve, reject };
      this.waiting = this.threads;
      order();
      for (const member of this.members) member.hold(true);
    });
  }

  /** The others would wait for a thread that failed: none of them works any more. */
  private fail(why: string): void {
    if (this.failure !== undefined) return;
    this.failure = why;
    this.settle();
    this.stop();
  }

  private settle(): void {
    for (const member of this.members) member.hold(false);
    const { done } = this;
    this.done = undefined;
    if (this.failure === undefined) done?.resolve();
    else done?.reject(this.error());
  }

  private error(): DeviceError {
    return new DeviceError(`The wasm backend cannot run its threads: ${this.failure}.`);
  }
}
