import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { VitrineError } from 'vitrine';
import { peerEnvironment } from './environment.js';
import type { Commands, Setup, Task } from './protocol.js';

/** A contestant that cannot take part; the message says why. */
export class ContestantError extends VitrineError {
  override name = 'ContestantError';
}

/** The harness's end of a contestant's process; see protocol.ts. */
export class Contestant {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;
  private lastMessage = '';

  /** What it says of itself. */
  description: string;
  /** Multiplications and additions a second on one core, in a large product and at best, where it tells. */
  productRate: number | undefined;
  coreRate: number | undefined;
  /** Vulkan drivers that it had loaded when it wrote its last results. */
  drivers: readonly string[] = [];

  constructor(
    readonly name: string,
    readonly threads: number,
    [file, ...parameters]: readonly [string, ...string[]],
  ) {
    this.description = name;
    this.process = spawn(file, parameters, { env: peerEnvironment(threads) });
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
    this.process.stderr.on('data', (data: Buffer) => {
      this.lastMessage = data.toString().trim().split('\n').at(-1) || this.lastMessage;
    });
    // Reported by the next request, which gets no answer.
    this.process.on('error', (error) => (this.lastMessage = error.message));
    this.process.stdin.on('error', () => undefined);
  }

  /** Comes before everything else. */
  async load(setup: Omit<Setup, 'threads'>): Promise<void> {
    const answer = await this.ask('load', { ...setup, threads: this.threads });
    this.description = answer.description;
    this.productRate = answer.productRate;
    this.coreRate = answer.coreRate;
  }

  /** Computes a task once and writes its results to a file. */
  async outputs(task: Task, file: string): Promise<readonly number[]> {
    const { sizes, drivers } = await this.ask('outputs', { ...task, file });
    this.drivers = drivers;
    return sizes;
  }

  /** Computes a task several times; milliseconds of each. */
  async run(task: Task, count: number): Promise<readonly number[]> {
    return (await this.ask('run', { ...task, count })).milliseconds;
  }

  /** Ends the process, and waits until it has given back its memory. */
  async stop(): Promise<void> {
    this.process.stdin.end();
    const { pid, exitCode, signalCode } = this.process;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const patience = setTimeout(() => this.process.kill(), 5000);
    await once(this.process, 'exit');
    clearTimeout(patience);
  }

  private async ask<Name extends keyof Commands>(
    command: Name,
    request: Parameters<Commands[Name]>[0],
  ): Promise<Awaited<ReturnType<Commands[Name]>>> {
    this.process.stdin.write(`${JSON.stringify({ command, ...request })}\n`);
    const line = await this.lines.next();
    if (line.done) throw new ContestantError(`${this.name} ended without an answer: ${this.lastMessage}`);
    const { error, ...answer } = JSON.parse(line.value) as { readonly error?: string };
    if (error !== undefined) throw new ContestantError(`${this.name} cannot take part: ${error}`);
    return answer as Awaited<ReturnType<Commands[Name]>>;
  }
}
