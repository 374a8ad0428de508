import { createHash } from 'node:crypto';
import { basename, join, parse } from 'node:path';
import type { Picture } from '../image/index.js';
import { checkWritable, encodePng, writeFileAtomically, type FileToWrite } from '../node/index.js';
import { sizesOf, type VisionTransformerConfig } from '../models/index.js';
import {
  htmlIndex,
  htmlPage,
  mostAttention,
  thumbnailsOf,
  type IndexEntry,
  type PageContent,
} from '../report/index.js';
import { markOf } from './marks.js';
import { placesOf, refuseToReplace, type FileToReplace } from './obstacles.js';
import type { PictureSource } from './picture-sources.js';
import { uniqueStems } from './result-names.js';

interface PagesOptions {
  /** The page of one picture, or the index of several. */
  readonly html: string;
  readonly weights: string | undefined;
  readonly force: boolean;
}

/** What is known of a picture when its page is made. */
type FoundOut = Omit<PageContent, 'addressOf' | 'generator'>;

/** A page that is to be written, and to be told once it is: only then does the index lead to it. */
interface MadePage {
  readonly file: FileToWrite;
  readonly isWritten: () => void;
}

/** The pages of a call: what they are called, whether they may be written, and what is on them. Pictures go by their positions. */
export class Pages {
  readonly #paths: readonly string[];
  readonly #marks: readonly string[];
  readonly #entries: (IndexEntry | undefined)[] = [];

  constructor(
    private readonly sources: readonly PictureSource[],
    private readonly options: PagesOptions,
  ) {
    const { html, weights } = options;
    const { dir, name, ext } = parse(html);
    const stems = uniqueStems(sources.map(({ file }) => file));
    this.#paths = sources.length === 1 ? [html] : stems.map((stem) => join(dir, `${name}.${stem}${ext}`));
    this.#marks = sources.map(({ identity }) => markOf(identity, weights));
  }

  /** The index, if there are several pictures. */
  get index(): string | undefined {
    return this.sources.length > 1 ? this.options.html : undefined;
  }

  /** @throws UsageError if something is in the way of a page, or it cannot be written */
  async refuseAtOnce(): Promise<void> {
    await checkWritable(this.options.html);
    const pages = this.#paths.map((path, picture) => ({ path, mark: this.#marks[picture] }));
    const { index } = this;
    await this.#refuse([
      ...pages,
      ...(index === undefined ? [] : [{ path: index, mark: this.#markOfAll() }]),
    ]);
  }

  /** The page of a picture, to be written with its other files. */
  async of(position: number, found: FoundOut): Promise<MadePage> {
    const path = this.#paths[position];
    const generator = this.#marks[position];
    await this.#refuse([{ path, mark: generator }]);
    const { picture, maps, document, title, colormap } = found;
    const data = htmlPage({ ...found, addressOf, generator });
    const isWritten = (): void => {
      if (this.index === undefined) return;
      const thumbnails = thumbnailsOf(picture, maps[0], addressOf, colormap);
      const address = encodeURIComponent(basename(path));
      this.#entries[position] = { title, address, thumbnails, document };
    };
    return { file: { path, data }, isWritten };
  }

  /** Writes the index, of those pictures that were explained. */
  async finish(): Promise<void> {
    const { index } = this;
    const entries = this.#entries.filter((entry) => entry !== undefined);
    if (index === undefined || entries.length === 0) return;
    const generator = this.#markOfAll();
    await this.#refuse([{ path: index, mark: generator }]);
    await writeFileAtomically(index, htmlIndex({ title: parse(index).name, entries, generator }));
  }

  #markOfAll(): string {
    const all = createHash('sha256').update(this.#marks.join()).digest();
    return markOf(all, undefined);
  }

  async #refuse(files: readonly FileToReplace[]): Promise<void> {
    const given = await placesOf(this.sources.flatMap(({ path }) => path ?? []));
    await refuseToReplace(files, given, this.options.force, 'another name with --html FILE');
  }
}

/** How much attention a page takes: none if the model has no matrices of it, or the page could make no rollout of them. */
export function attentionOfPages(config: VisionTransformerConfig): number | undefined {
  const { withoutAttention, withoutResiduals } = sizesOf(config);
  return withoutAttention || withoutResiduals ? undefined : mostAttention;
}

/** A picture as an address that holds it. */
export function addressOf(picture: Picture): string {
  return `data:image/png;base64,${Buffer.from(encodePng(picture)).toString('base64')}`;
}
