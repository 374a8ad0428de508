import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('holder.js', import.meta.url));

/** A process of its own that holds files or a lock in a folder. */
export class Holder {
  readonly #answers: AsyncIterator<string>;

  private constructor(
    private readonly child: ChildProcess,
    answers: AsyncIterator<string>,
    /** As `formatWriter` has it. */
    readonly name: string,
  ) {
    this.#answers = answers;
  }

  static async start(folder: string): Promise<Holder> {
    const child = spawn(process.execPath, [script, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return new Holder(child, answers, ((await answers.next()) as { value: string }).value);
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Has it do something, and waits for the answer. */
  async ask(command: 'file' | 'folder' | 'lock' | 'release'): Promise<string> {
    this.child.stdin!.write(`${command}\n`);
    return ((await this.#answers.next()) as { value: string }).value;
  }

  /** Lets it call `process.exit`. */
  exit(): Promise<void> {
    this.child.stdin!.write('exit\n');
    return this.#gone();
  }

  kill(): Promise<void> {
    this.child.kill('SIGKILL');
    return this.#gone();
  }

  #gone(): Promise<void> {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      child.once('exit', () => {
        resolve();
      });
    });
  }
}
