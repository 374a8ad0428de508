import type { Picture } from '../../image/index.js';
import { writingOf } from './protocols.js';
import { protocolOf, type Terminal } from './terminal.js';

/** So many pictures are shown of a call: what follows would push them off the screen. */
const most = 6;

/** Shows pictures below what is told of them, where the terminal can. */
export class Preview {
  readonly #protocol: ReturnType<typeof protocolOf>;
  #shown = 0;

  /** @param wanted whether they are to be shown if they can */
  constructor(
    wanted: boolean,
    private readonly terminal: Terminal & { readonly stdout: Pick<NodeJS.WriteStream, 'write'> } = process,
  ) {
    this.#protocol = wanted ? protocolOf(terminal) : undefined;
  }

  async show(picture: Picture): Promise<void> {
    if (this.#protocol === undefined || this.#shown >= most) return;
    this.#shown++;
    this.terminal.stdout.write(await writingOf(picture, this.#protocol, this.terminal));
  }
}
