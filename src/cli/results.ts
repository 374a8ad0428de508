import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { Request } from './explain-options.js';
import type { FigureKind } from './figures.js';
import { markOf } from './marks.js';
import { placesOf, refuseToReplace, type FileToReplace } from './obstacles.js';
import type { PictureSource } from './picture-sources.js';
import { expectationsOf, uniqueStems, type Naming } from './result-names.js';

/** What is written for one figure. */
export interface ResultFiles {
  readonly drawn: string;
  /** The document, as JSON. */
  readonly document: string;
  /** The maps one after the other, if that is wanted. */
  readonly animation?: string;
}

export interface ResultOptions extends Naming {
  readonly out: string;
  /** Whether files may be replaced that are not results of the same picture and checkpoint. */
  readonly force: boolean;
}

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
   * @param name of a figure
   * @returns absolute paths
   */
  filesOf(picture: number, name: string, { animation }: Pick<FigureKind, 'animation'> = {}): ResultFiles {
    const path = join(this.options.out, `${this.#stems[picture]}.${name}`);
    return {
      drawn: `${path}.png`,
      document: `${path}.json`,
      ...(animation && { animation: `${path}.${animation.format}` }),
    };
  }

  /**
   * Looks through the folder before the work. Where a class is known only after it, every file that could be meant counts.
   * @throws UsageError if something is in the way
   */
  async refuseAtOnce(request: Request): Promise<void> {
    const { out } = this.options;
    const expected = this.#expected(request);
    // What is in the way in a folder that may not be listed is found when it is written.
    const entries = await readdir(out).catch(() => []);
    const files = entries.flatMap((entry): FileToReplace[] => {
      const { name, ext } = parse(entry);
      const pictures = expectationsOf(name).map((each) => expected.get(each));
      const picture = pictures.find((each) => each !== undefined);
      if (picture === undefined || !['.png', '.json', '.gif', '.webp'].includes(ext)) return [];
      return [{ path: join(out, entry), mark: this.#marks[picture] }];
    });
    await this.#refuse(files);
  }

  /** @throws UsageError if something is in the way of files of a picture */
  async refuseLate(picture: number, files: readonly ResultFiles[]): Promise<void> {
    const paths = files.flatMap(({ drawn, document, animation }) =>
      [drawn, document, animation ?? []].flat(),
    );
    await this.#refuse(paths.map((path) => ({ path, mark: this.#marks[picture] })));
  }

  async #refuse(files: readonly FileToReplace[]): Promise<void> {
    this.#given ??= placesOf(this.sources.flatMap(({ path }) => path ?? []));
    await refuseToReplace(files, await this.#given, this.options.force);
  }

  /** The picture of each name that a result may get, without ending. */
  #expected(request: Request): ReadonlyMap<string, number> {
    const names = request.figure.expected(request, this.options);
    return new Map(
      this.#stems.flatMap((stem, picture) => names.map((name) => [`${stem}.${name}`, picture] as const)),
    );
  }
}
