import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Frames } from '../node/index.js';
import type { ComputedMap } from '../pipeline/index.js';
import type { ExplainOptions, Request } from './explain-options.js';
import { legible } from './legible.js';
import { markOf } from './marks.js';
import { placesOf, refuseToReplace } from './obstacles.js';
import {
  classNameOf,
  expectationsOf,
  expectedNames,
  resultName,
  uniqueStems,
  type Naming,
} from './result-names.js';

type FramesOptions = Pick<ExplainOptions, 'images' | 'out' | 'force' | 'weights'>;

/** The files of moving pictures: what they are called, and whether they may be written. Pictures go by their positions. */
export class FrameFiles {
  readonly #stems: readonly string[];

  constructor(
    private readonly moving: readonly Frames[],
    private readonly options: FramesOptions,
    private readonly naming: Naming,
  ) {
    this.#stems = uniqueStems(options.images.map((image) => legible(basename(image))));
  }

  /** What the results of a picture say that they are. */
  markOf(picture: number): string {
    return markOf(this.options.images[picture], this.options.weights);
  }

  /** Of a map, the same of each frame: absolute paths. */
  of(picture: number, map: ComputedMap): { readonly drawn: string; readonly document: string } {
    const stem = `${this.#stems[picture]}.${resultName(map, classNameOf(map), this.naming)}`;
    const [drawn, document] = this.#endings(picture).map((ending) => join(this.options.out, stem + ending));
    return { drawn, document };
  }

  /**
   * Looks through the folder before the work. Where a class is known only after it, every file that could be meant counts.
   * @throws UsageError if something is in the way
   */
  async refuseAtOnce(request: Request): Promise<void> {
    const names = expectedNames(request, this.naming);
    // What is in the way in a folder that may not be listed is found when it is written.
    const entries = await readdir(this.options.out).catch(() => []);
    for (const [picture, stem] of this.#stems.entries()) {
      const expected = new Set(names.map((name) => `${stem}.${name}`));
      const isMeant = (entry: string): boolean =>
        this.#endings(picture).some((ending) => {
          if (!entry.endsWith(ending)) return false;
          return expectationsOf(entry.slice(0, -ending.length)).some((name) => expected.has(name));
        });
      await this.refuse(
        picture,
        entries.filter(isMeant).map((entry) => join(this.options.out, entry)),
      );
    }
  }

  /** @throws UsageError if something is in the way of files of a picture */
  async refuse(picture: number, paths: readonly string[]): Promise<void> {
    const mark = this.markOf(picture);
    const { images, force } = this.options;
    await refuseToReplace(paths.map((path) => ({ path, mark })), await placesOf(images), force); // prettier-ignore
  }

  #endings(picture: number): readonly [drawn: string, document: string] {
    const { first, pictures, format } = this.moving[picture];
    const stem = `.frames-${first}-${first + pictures.length - 1}`;
    return [`${stem}.${format}`, `${stem}.json`];
  }
}
