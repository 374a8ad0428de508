import type { Heap } from './heap.js';
import { packedBytes, packWords, type MatrixLayout } from './panels.js';

/** What the steps of a program read of a constant. */
export interface Demand {
  /** Its numbers as they were given. */
  raw: boolean;
  /** Its numbers in panels. */
  readonly layouts: MatrixLayout[];
}

/** What fills a pack. */
export interface Filling {
  readonly phase: readonly number[];
  /** To be called when the phase has run. */
  readonly filled: () => void;
}

/** Numbers in panels. */
interface Pack {
  readonly layout: MatrixLayout;
  readonly address: number;
  /** The constant's, when it was filled; -1 before. */
  version: number;
}

/** A constant on the device, which has as many of its numbers as programs wanted of it so far, as they are or packed. */
export class WasmConstant {
  private rawAt = 0;
  private readonly packs = new Map<string, Pack>();
  /** How often its numbers were updated. */
  private version = 0;

  constructor(
    private readonly heap: Heap,
    readonly size: number,
  ) {}

  /** Where its numbers lie as they were given; 0 if nobody wanted them so. */
  get raw(): number {
    return this.rawAt;
  }

  pack(layout: MatrixLayout): number {
    return this.packs.get(keyOf(layout))!.address;
  }

  /** Whether numbers must be given to meet a demand. */
  lacks({ raw, layouts }: Demand): boolean {
    return this.rawAt === 0 && (raw || layouts.some((layout) => !this.isFilled(layout)));
  }

  /**
   * Takes memory for what is demanded and not there.
   * @param given where the numbers lie, if they were given; it is the caller's to give back
   * @returns what fills the packs that are new; those of an older version are left to `refresh`
   */
  take({ raw, layouts }: Demand, given: number): readonly Filling[] {
    if (raw && this.rawAt === 0) {
      this.rawAt = this.heap.take(4 * this.size);
      this.heap.floats(this.rawAt, this.size).set(this.heap.floats(given, this.size));
    }
    const from = this.rawAt || given;
    return layouts
      .filter((layout) => !this.isFilled(layout))
      .map((layout) => this.fill(this.emptyPack(layout), from));
  }

  /** Its numbers are new ones from now on; what was packed is packed again by `refresh`. */
  update(): void {
    this.version++;
  }

  /** What fills the packs of an older version. */
  refresh(): readonly Filling[] {
    const stale = [...this.packs.values()].filter(({ version }) => version >= 0 && version < this.version);
    return stale.map((pack) => this.fill(pack, this.rawAt));
  }

  /** Gives its memory back. */
  dispose(): void {
    if (this.rawAt !== 0) this.heap.give(this.rawAt);
    for (const { address } of this.packs.values()) this.heap.give(address);
    this.packs.clear();
    this.rawAt = 0;
  }

  private isFilled(layout: MatrixLayout): boolean {
    return (this.packs.get(keyOf(layout))?.version ?? -1) >= 0;
  }

  private emptyPack(layout: MatrixLayout): Pack {
    const key = keyOf(layout);
    const pack = this.packs.get(key) ?? { layout, address: this.heap.take(packedBytes(layout)), version: -1 };
    this.packs.set(key, pack);
    return pack;
  }

  private fill(pack: Pack, from: number): Filling {
    const { layout, address: output } = pack;
    const { version } = this;
    return {
      phase: packWords({ layout, addresses: [from + 4 * layout.offset], output, scale: 1 }, 0),
      filled: () => {
        pack.version = version;
      },
    };
  }
}

function keyOf({ offset, rows, columns, rowStride, columnStride }: MatrixLayout): string {
  return [offset, rows, columns, rowStride, columnStride].join();
}
