import type { Backend } from '../compiler/backend.js';
import { compile, type Program } from '../compiler/compile.js';
import { UsageError } from '../errors.js';
import { occludedPass } from '../explain/index.js';
import { described } from '../given.js';
import type { Preprocessing } from '../image/index.js';
import type { VisionTransformer } from '../models/index.js';
import {
  add,
  constant,
  expand,
  input,
  multiply,
  reshape,
  subtract,
  type Tensor,
  type Values,
} from '../tensor/index.js';

/** What is taken away: patches, which become 0 after normalisation, or pixels, which become black before it. */
export type Removed = 'patches' | 'pixels';

export interface RemoverOptions {
  readonly removed: Removed;
  /** States of a picture that one run looks at. */
  readonly batch: number;
}

/** What a model says of a picture of which parts are missing: one program, many states of the picture in a run. */
export class Remover {
  private constructor(
    private readonly program: Program<'logits'>,
    private readonly parts: number,
    private readonly classes: number,
    private readonly batch: number,
  ) {}

  /**
   * @param preprocessing how pictures become the model's input
   * @throws DeviceError if the backend cannot
   */
  static async create(
    subject: { readonly model: VisionTransformer; readonly preprocessing: Preprocessing },
    backend: Backend,
    { removed, batch }: RemoverOptions,
  ): Promise<Remover> {
    if (!Number.isInteger(batch) || batch < 1) {
      throw new UsageError(`The states of a run are ${described(batch)}; give a whole number of at least 1.`);
    }
    const { model } = subject;
    const image = input('image', [1, ...model.inputShape]);
    const { logits, parts } =
      removed === 'patches'
        ? withoutPatches(model, image, batch)
        : withoutPixels(model, image, batch, subject.preprocessing);
    return new Remover(await compile({ logits }, backend), parts, logits.shape[1], batch);
  }

  /**
   * The logits of each state.
   * @param image of one picture, made ready
   * @param states a byte for each part, row by row: 1 if it is gone
   * @throws DeviceError if the device fails; the reason of an aborted signal
   */
  async run(image: Values, states: readonly Uint8Array[], signal?: AbortSignal): Promise<readonly Values[]> {
    const { batch, parts, classes } = this;
    const wrong = states.find(({ length }) => length !== parts);
    if (wrong) {
      throw new UsageError(
        `A state of ${wrong.length} parts was given; this model's pictures have ${parts}.`,
      );
    }
    const all: Values[] = [];
    const kept = new Float32Array(batch * parts);
    for (let first = 0; first < states.length; first += batch) {
      signal?.throwIfAborted();
      const some = states.slice(first, first + batch);
      // Where there are fewer, what follows is what it was, and nobody's.
      some.forEach((state, at) => {
        for (let i = 0; i < parts; i++) kept[at * parts + i] = 1 - state[i];
      });
      const { logits } = await this.program.run({ image, kept });
      some.forEach((_, at) => all.push(logits.slice(at * classes, (at + 1) * classes)));
    }
    return all;
  }

  dispose(): void {
    this.program.dispose();
  }
}

interface Removing {
  /** `[batch, classes]` */
  readonly logits: Tensor;
  /** Numbers that a state has. */
  readonly parts: number;
}

/**
 * A patch of zeros embeds to the projection's bias: so embeddings are blended, and pixels are embedded once for all states. As
 * kept is 0 or 1, that is exact.
 */
function withoutPatches(model: VisionTransformer, image: Tensor, batch: number): Removing {
  const [rows, columns] = model.geometry.grid;
  const kept = input('kept', [batch, rows * columns]);
  const nothing = constant(new Float32Array(image.size), image.shape);
  return { logits: occludedPass(model, image, nothing, kept).logits, parts: rows * columns };
}

function withoutPixels(
  model: VisionTransformer,
  image: Tensor,
  batch: number,
  { mean, std }: Preprocessing,
): Removing {
  const [channels, height, width] = model.inputShape;
  const black = constant(
    mean.map((value, channel) => -value / std[channel]),
    [1, channels, 1, 1],
  );
  const kept = reshape(input('kept', [batch, height * width]), [batch, 1, height, width]);
  const blackened = add(
    multiply(expand(image, [batch, channels, height, width]), kept),
    multiply(black, subtract(1, kept)),
  );
  return { logits: model.call(blackened), parts: height * width };
}
