import type { Executable, Profile } from '../../compiler/backend.js';
import type { Values } from '../../tensor/index.js';
import type { WebGPUExecutable } from './executable.js';
import type { Session } from './session.js';

/** What a plan needs of its backend. */
export interface Host {
  /** The device there is at the moment: a new one if the one before was lost. */
  session(): Promise<Session>;
  load(session: Session): Promise<WebGPUExecutable>;
}

/** A plan on a device. */
interface Loaded {
  readonly session: Session;
  readonly executable: WebGPUExecutable;
}

/** A plan on the device that its backend has at the moment: after a loss, the next run loads it on the new one. */
export class RecoveringExecutable implements Executable {
  private disposed = false;
  private recovery: Promise<Loaded> | undefined;

  private constructor(
    private readonly host: Host,
    private loaded: Loaded,
  ) {}

  static async create(host: Host): Promise<RecoveringExecutable> {
    return new RecoveringExecutable(host, await load(host));
  }

  run(inputs: readonly Values[]): Promise<Values[]> {
    return this.onDevice((executable) => executable.run(inputs));
  }

  profile(inputs: readonly Values[]): Promise<Profile> {
    return this.onDevice((executable) => executable.profile(inputs));
  }

  dispose(): void {
    this.disposed = true;
    this.loaded.executable.dispose();
  }

  private async onDevice<T>(work: (executable: WebGPUExecutable) => Promise<T>): Promise<T> {
    const { session, executable } = await this.current();
    return session.watch(() => work(executable));
  }

  /** Runs that overlap wait for one recovery. */
  private async current(): Promise<Loaded> {
    if (!this.loaded.session.lost || this.disposed) return this.loaded;
    this.recovery ??= this.recover().finally(() => {
      this.recovery = undefined;
    });
    return this.recovery;
  }

  private async recover(): Promise<Loaded> {
    const loaded = await load(this.host);
    if (this.disposed) loaded.executable.dispose();
    this.loaded = loaded;
    return loaded;
  }
}

async function load(host: Host): Promise<Loaded> {
  const session = await host.session();
  return { session, executable: await host.load(session) };
}
