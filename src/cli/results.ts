import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { markOf } from './marks.js';
import { placesOf, refuseToReplace, type FileToReplace } from './obstacles.js';
import type { PictureSource } from './picture-sources.js';
import { expectationsOf, uniqueStems, type Naming } from './result-names.js';

/** What is written for one figure. */
export interface ResultFiles {
  readonly drawn: string;
  /** The document, as JSON. */
  readonly document: string;
  /** The numbers alone, as CSV, where they are written so. */
  readonly table: string;
  /** The same as an array of NumPy's. */
  readonly array: string;
  /** Without ending. */
  readonly stem: string;
  /** Tensors of all layers. */
  readonly tensors: string;
}

export interface ResultOptions extends Naming {
  readonly out: string;
  /** Whether files may be replaced that are not results of the same picture and checkpoint. */
  readonly force: boolean;
  /** What files are written of each map; a picture and a document if left out. */
  readonly endings?: readonly string[];
}

const usualEndings: readonly string[] = ['.png', '.json'];

/** The files of a call: what they are called, and whether they may be written. Pictures go by their positions. */
export class Results {
  readonly #stems: readonly string[];
  readonly #marks: readonly string[];
  #given: Promise<ReadonlySet<string>> | undefined;

  constructor(
    private readonly sources: readonly PictureSource[],
    private readonly options: ResultOptions,
  ) {
    this.#stems = uniqueStems(sources.map(({ file }) => file));
    this.#marks = sources.map(({ identity }) => markOf(identity, options.weights));
  }

  /** What the names of figures depend on. */
  get naming(): Naming {
    return this.options;
  }

  /** What the results of a picture say that they are. */
  markOf(picture: number): string {
    return this.#marks[picture];
  }

  /**
   * @param name of what is written: see `resultName`
   * @returns absolute paths
   */
  filesOf(picture: number, name: string): ResultFiles {
    const path = join(this.options.out, `${this.#stems[picture]}.${name}`);
    return {
      drawn: `${path}.png`,
      document: `${path}.json`,
      table: `${path}.csv`,
      array: `${path}.npy`,
      stem: path,
      tensors: `${path}.safetensors`,
    };
  }

  /**
   * Looks through the folder before the work. Where a class is known only after it, every file that could be meant counts.
   * @throws UsageError if something is in the way
   */
  async refuseAtOnce(names: readonly string[]): Promise<void> {
    const { out, endings = usualEndings } = this.options;
    const expected = this.#expected(names);
    // What is in the way in a folder that may not be listed is found when it is written.
    const entries = await readdir(out).catch(() => []);
    const files = entries.flatMap((entry): FileToReplace[] => {
      const { name, ext } = parse(entry);
      const pictures = expectationsOf(name).map((each) => expected.get(each));
      const picture = pictures.find((each) => each !== undefined);
      if (picture === undefined || this.sources[picture].isMissing || !endings.includes(ext)) return [];
      return [{ path: join(out, entry), mark: this.#marks[picture] }];
    });
    await this.#refuse(files);
  }

  /** @throws UsageError if something is in the way of files of a picture */
  async refuseLate(picture: number, paths: readonly string[]): Promise<void> {
    await this.#refuse(paths.map((path) => ({ path, mark: this.#marks[picture] })));
  }

  async #refuse(files: readonly FileToReplace[]): Promise<void> {
    this.#given ??= placesOf(this.sources.flatMap(({ path }) => path ?? []));
    await refuseToReplace(files, await this.#given, this.options.force);
  }

  /** The picture of each name that a result may get, without ending. */
  #expected(names: readonly string[]): ReadonlyMap<string, number> {
    return new Map(
      this.#stems.flatMap((stem, picture) => names.map((name) => [`${stem}.${name}`, picture] as const)),
    );
  }
}
