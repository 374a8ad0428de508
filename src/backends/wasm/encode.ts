import type { MapFunction, Plan, Step } from '../../compiler/plan.js';
import type { View } from '../../compiler/view.js';
import { contiguousStrides, sizeOf, type Reduction, type Shape } from '../../tensor/index.js';
import { encodeProduct } from './encode-product.js';
import {
  Functions,
  Kernel,
  MapPhase,
  MaskPhase,
  ReducePhase,
  Reductions,
  RowsPhase,
  Scratch,
  worthwhile,
} from './layout.js';
import type { Product } from './panels.js';
import { floatBits, phaseWords, pieces, walkWords, type Fields, type Placed } from './words.js';

/** What the phases of a program refer to. */
export interface Places {
  /** Where a buffer of the plan lies. */
  readonly buffer: (buffer: number) => number;
  /** Where the right matrix of a product lies in panels, if it was packed when the program was loaded. */
  readonly pack: (step: Product) => number | undefined;
  /** Memory that all threads share while a step runs. */
  readonly shared: number;
  readonly threads: number;
}

export interface Encoded {
  readonly words: readonly number[];
  /** Bytes that are needed of the shared memory, and of each thread's own. */
  readonly sharedBytes: number;
  readonly scratchBytes: number;
}

const functionCodes: Readonly<Record<MapFunction, Functions>> = Functions;
const reductionCodes: Readonly<Record<Reduction, Reductions>> = Reductions;

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>;
type Rows = StepOf<'softmax' | 'softmaxGradient' | 'layerNorm' | 'layerNormGradient'>;

/** The phases of a plan: of each step, and of what updates take over when all are done. */
export function encodePlan(plan: Plan, places: Places): Encoded {
  const encoder = new Encoder(places);
  plan.steps.forEach((step, position) => {
    encoder.begin(position);
    encoder.encode(step);
  });
  for (const { constant, buffer, offset, size } of plan.updates) {
    const from = { address: places.buffer(buffer) + 4 * offset, shape: [size], strides: [1] };
    encoder.map('copy', [from], { ...from, address: places.buffer(constant) });
  }
  return encoder.finish();
}

/** Writes phases one after the other. */
export class Encoder {
  private readonly words: number[] = [];
  private step = 0;
  private shared = 0;
  private sharedBytes = 0;
  private scratchBytes = 0;

  constructor(readonly places: Places) {}

  /** What follows belongs to a step, which has all of the shared memory for itself. */
  begin(step: number): void {
    this.step = step;
    this.shared = 0;
  }

  /** @param scratchBytes that each thread needs of its own */
  phase(kernel: Kernel, tasks: number, scratchBytes: number, fields: Fields): void {
    this.add(phaseWords(kernel, tasks, this.step, fields));
    this.scratchBytes = Math.max(this.scratchBytes, scratchBytes);
  }

  /** @param phase of this step */
  add(phase: readonly number[]): void {
    for (const word of phase) this.words.push(word);
  }

  /** The step that is encoded. */
  get position(): number {
    return this.step;
  }

  /** Shared memory for the step. */
  take(bytes: number): number {
    const address = this.places.shared + this.shared;
    this.shared += 64 * pieces(bytes + 64, 64);
    this.sharedBytes = Math.max(this.sharedBytes, this.shared);
    return address;
  }

  placed({ buffer, offset, shape, strides }: View): Placed {
    return { address: this.places.buffer(buffer) + 4 * offset, shape, strides };
  }

  finish(): Encoded {
    return {
      words: [...this.words, Kernel.end],
      sharedBytes: this.sharedBytes,
      scratchBytes: this.scratchBytes,
    };
  }

  encode(step: Step): void {
    switch (step.kind) {
      case 'map':
        this.map(step.function, step.inputs.map((view) => this.placed(view)), this.placed(step.output)); // prettier-ignore
        return;
      case 'reduce':
        this.reduce(step);
        return;
      case 'largestMask':
        this.largestMask(step);
        return;
      case 'matmul':
        encodeProduct(this, step);
        return;
      case 'softmax':
      case 'softmaxGradient':
      case 'layerNorm':
      case 'layerNormGradient':
        this.rows(step);
        return;
    }
  }

  map(name: MapFunction, inputs: readonly Placed[], output: Placed): void {
    const [to, ...from] = [output, ...inputs].map(withRows);
    const size = sizeOf(to.shape);
    this.phase(Kernel.map, pieces(size, worthwhile), Scratch.walk + 16 * Scratch.mapBlock, {
      [MapPhase.name]: functionCodes[name],
      [MapPhase.size]: size,
      [MapPhase.extent]: to.shape.at(-1)!,
      [MapPhase.outputStep]: 4 * to.strides.at(-1)!,
      [MapPhase.step0]: [0, 1, 2].map((i) => lastStep(from[i])),
      [MapPhase.walk]: walkWords([to, ...from], to.shape.length - 1),
    });
  }

  /** A row-major copy of a view, in shared memory. */
  copied(view: Placed, shape: Shape = view.shape): Placed {
    const strides = contiguousStrides(shape);
    const copy = { address: this.take(4 * sizeOf(shape)), shape, strides };
    this.map('copy', [view], copy);
    return copy;
  }

  private rows(step: Rows): void {
    const { shape } = step.output;
    const columns = shape[shape.length - 1];
    const rows = sizeOf(shape.slice(0, -1));
    const rowsPerTask = Math.max(1, Math.floor(worthwhile / columns));
    const views = step.inputs.map((view) => this.placed(view));
    // Weight and bias are the same for all rows.
    const isVector = (_: Placed, i: number): boolean =>
      step.kind === 'layerNorm' ? i > 0 : step.kind === 'layerNormGradient' && i === 1;
    const vectors = views.filter(isVector);
    const [weight, bias] = [vectors.at(0), vectors.at(1)];
    const inputs = views.filter((view, i) => !isVector(view, i));
    const rowBytes = 16 * pieces(columns, 4);
    this.phase(
      Kernel[step.kind],
      pieces(rows, rowsPerTask),
      Scratch.walk + (Scratch.ownRows + Scratch.copiedRows) * rowBytes + 64,
      {
        [RowsPhase.rows]: rows,
        [RowsPhase.columns]: columns,
        [RowsPhase.rowsPerTask]: rowsPerTask,
        [RowsPhase.output]: this.placed(step.output).address,
        [RowsPhase.epsilon]: floatBits('epsilon' in step ? step.epsilon : 0),
        [RowsPhase.weight]: weight?.address ?? 0,
        [RowsPhase.weightStep]: lastStep(weight),
        [RowsPhase.bias]: bias?.address ?? 0,
        [RowsPhase.biasStep]: lastStep(bias),
        [RowsPhase.step0]: [0, 1, 2].map((i) => lastStep(inputs[i])),
        [RowsPhase.walk]: walkWords(inputs, shape.length - 1),
      },
    );
  }

  private reduce({ function: name, kept, inputs: [input], output }: StepOf<'reduce'>): void {
    const view = this.placed(input);
    const part = (start: number, end?: number): Placed => ({
      address: view.address,
      shape: view.shape.slice(start, end),
      strides: view.strides.slice(start, end),
    });
    const keptPart = part(0, kept);
    const folded = withRows({ ...part(kept), address: 0 });
    const groups = sizeOf(keptPart.shape);
    const members = sizeOf(folded.shape);
    const extent = folded.shape.at(-1)!;
    const areRows = members <= 1 || (folded.shape.length === 1 && folded.strides[0] === 1);
    const columns = !areRows && keptPart.strides.at(-1) === 1 && keptPart.shape.at(-1)! >= 8;
    const threads = this.places.threads;
    let groupsPerTask = Math.max(1, Math.floor(worthwhile / Math.max(1, members)));
    // Columns are read as pieces of rows, the longer the better: whole cache lines, and a task for each thread.
    if (columns) groupsPerTask = 128 * pieces(Math.max(groupsPerTask, Math.floor(groups / threads)), 128);
    const walk = walkWords([keptPart], keptPart.shape.length - (columns ? 1 : 0));
    const foldedWalk = walkWords([folded], members === 0 ? 0 : folded.shape.length - 1);
    this.phase(
      Kernel.reduce,
      pieces(groups, groupsPerTask),
      2 * Scratch.walk + 4 * Scratch.reduceBlock + 64,
      {
        [ReducePhase.name]: reductionCodes[name],
        [ReducePhase.groups]: groups,
        [ReducePhase.members]: members,
        [ReducePhase.groupsPerTask]: groupsPerTask,
        [ReducePhase.output]: this.placed(output).address,
        [ReducePhase.columns]: Number(columns),
        [ReducePhase.keptExtent]: keptPart.shape.at(-1) ?? 1,
        [ReducePhase.extent]: Math.max(1, extent),
        [ReducePhase.step]: 4 * folded.strides.at(-1)!,
        [ReducePhase.folded]: ReducePhase.walk + walk.length,
        [ReducePhase.walk]: [...walk, ...foldedWalk],
      },
    );
  }

  private largestMask({ discarded, inputs: [input], output }: StepOf<'largestMask'>): void {
    const columns = output.shape.at(-1)!;
    const rows = sizeOf(output.shape.slice(0, -1));
    const view = this.placed(input);
    this.phase(Kernel.largestMask, rows, Scratch.walk + Scratch.digits + 4 * columns, {
      [MaskPhase.rows]: rows,
      [MaskPhase.columns]: columns,
      [MaskPhase.discarded]: discarded,
      [MaskPhase.output]: this.placed(output).address,
      [MaskPhase.step]: lastStep(view),
      [MaskPhase.walk]: walkWords([view], view.shape.length - 1),
    });
  }
}

/** Adds a last axis of extent 1 where there is none, so that every view has rows. */
function withRows(view: Placed): Placed {
  return view.shape.length > 0 ? view : { ...view, shape: [1], strides: [1] };
}

/** How far apart the elements of a row are; of what is not there, as if they lay side by side. */
function lastStep(view: Placed | undefined): number {
  return 4 * (view?.strides.at(-1) ?? 1);
}
