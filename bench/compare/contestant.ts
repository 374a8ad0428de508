import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { VitrineError } from 'vitrine';
import type {
  LoadAnswer,
  LoadRequest,
  OutputsAnswer,
  OutputsRequest,
  RunAnswer,
  RunRequest,
  Setup,
  Task,
} from './protocol.js';

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
  /** Multiplications and additions a second in a large product, where it tells. */
  productRate: number | undefined;
  /** Vulkan drivers that it had loaded when it wrote its last results. */
  drivers: readonly string[] = [];

  private constructor(
    readonly name: string,
    readonly threads: number,
    command: readonly [string, ...string[]],
  ) {
    this.description = name;
    const [file, ...parameters] = command;
    this.process = spawn(file, parameters, { env: environment(threads) });
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
    this.process.stderr.on('data', (data: Buffer) => {
      this.lastMessage = data.toString().trim().split('\n').at(-1) || this.lastMessage;
    });
    // Reported by the next request, which gets no answer.
    this.process.on('error', (error) => (this.lastMessage = error.message));
    this.process.stdin.on('error', () => undefined);
  }

  static async start(
    name: string,
    command: readonly [string, ...string[]],
    setup: Setup,
  ): Promise<Contestant> {
    const contestant = new Contestant(name, setup.threads, command);
    try {
      const answer = await contestant.ask<LoadAnswer>({ command: 'load', ...setup });
      contestant.description = answer.description;
      contestant.productRate = answer.productRate;
      return contestant;
    } catch (error) {
      await contestant.stop();
      throw error;
    }
  }

  /** Computes a task once and writes its results to a file. */
  async outputs(task: Task, file: string): Promise<readonly number[]> {
    const { sizes, drivers } = await this.ask<OutputsAnswer>({ command: 'outputs', ...task, file });
    this.drivers = drivers;
    return sizes;
  }

  /** Computes a task several times; milliseconds of each. */
  async run(task: Task, count: number): Promise<readonly number[]> {
    return (await this.ask<RunAnswer>({ command: 'run', ...task, count })).milliseconds;
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

  private async ask<Answer>(request: LoadRequest | OutputsRequest | RunRequest): Promise<Answer> {
    this.process.stdin.write(`${JSON.stringify(request)}\n`);
    const line = await this.lines.next();
    if (line.done) throw new ContestantError(`${this.name} ended without an answer: ${this.lastMessage}`);
    const answer = JSON.parse(line.value) as Answer & { readonly error?: string };
    if (answer.error !== undefined)
      throw new ContestantError(`${this.name} cannot take part: ${answer.error}`);
    return answer;
  }
}

/** Libraries that multiply matrices ask these how many threads they may have, whatever PyTorch was told. */
function environment(threads: number): NodeJS.ProcessEnv {
  const count = String(threads);
  return { ...process.env, OMP_NUM_THREADS: count, OPENBLAS_NUM_THREADS: count, MKL_NUM_THREADS: count };
}
