import { appendFile } from 'node:fs/promises';
import { UsageError } from '../../errors.js';
import { readTextIfThere } from '../../node/files/text.js';
import { inWords } from '../../node/files/write.js';
import { writeFileAtomically } from '../../node/index.js';
import type { EvaluatedMap } from '../../pipeline/index.js';
import { legibleJson } from '../legible.js';
import { toPerson } from '../paths.js';

/** What was measured of one map, a line of the file. */
export interface ResultLine extends EvaluatedMap {
  /** `maps`, or the stage down to which the model was random. */
  readonly part: string;
  readonly picture: string;
  /** How many lines the picture has in this part: with fewer, it was not finished. */
  readonly of: number;
}

/** What is measured how: the first line of the file. Results of another evaluation are not gone on with. */
export type ResultHeader = Readonly<Record<string, unknown>> & { readonly generator: string };

export const generator = 'vitrine evaluate';

/**
 * What was measured so far, in the order in which it is measured, a line a picture and method. Pictures are written whole, so that a
 * run that was stopped anywhere goes on with the next one.
 */
export class ResultsFile {
  readonly #lines: ResultLine[];
  readonly #done: Set<string>;
  #begun: boolean;

  private constructor(
    readonly path: string,
    private readonly header: ResultHeader,
    lines: readonly ResultLine[],
    isThere: boolean,
  ) {
    this.#lines = [...lines];
    this.#done = new Set(lines.map(keyOf));
    this.#begun = isThere;
  }

  /**
   * @param force whether results of another evaluation may be replaced
   * @throws UsageError if there are some, or the file is not vitrine's or cannot be read
   */
  static async open(path: string, header: ResultHeader, force: boolean): Promise<ResultsFile> {
    const text = await readTextIfThere(path);
    if (text === undefined) return new ResultsFile(path, header, [], false);
    const [first, ...rest] = text.split('\n').slice(0, -1);
    if (first !== JSON.stringify(header)) {
      if (!force) throw new UsageError(whyNotGoOn(path, first, header));
      return new ResultsFile(path, header, [], false);
    }
    const lines = whole(rest);
    const kept = [first, ...lines.map((line) => JSON.stringify(line))].map((line) => `${line}\n`).join('');
    if (kept !== text) await writeFileAtomically(path, kept);
    return new ResultsFile(path, header, lines, true);
  }

  has(part: string, picture: string): boolean {
    return this.#done.has(keyOf({ part, picture }));
  }

  /** Whether some were written already. */
  get isBegun(): boolean {
    return this.#begun;
  }

  /**
   * All of a picture, as one write.
   * @throws UsageError if it cannot be written
   */
  async add(part: string, picture: string, maps: readonly EvaluatedMap[]): Promise<void> {
    const lines = maps.map((map): ResultLine => ({ part, picture, of: maps.length, ...map }));
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    if (this.#begun) await inWords(this.path, appendFile(this.path, text));
    else await writeFileAtomically(this.path, `${JSON.stringify(this.header)}\n${text}`);
    this.#begun = true;
    this.#lines.push(...lines);
    this.#done.add(keyOf({ part, picture }));
  }

  get lines(): readonly ResultLine[] {
    return this.#lines;
  }
}

function keyOf({ part, picture }: Pick<ResultLine, 'part' | 'picture'>): string {
  return JSON.stringify([part, picture]);
}

/** The lines of pictures that were finished. */
function whole(texts: readonly string[]): readonly ResultLine[] {
  const lines = texts.flatMap((text): ResultLine[] => {
    try {
      return [JSON.parse(text) as ResultLine];
    } catch {
      return []; // cut off in the middle
    }
  });
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(keyOf(line), (counts.get(keyOf(line)) ?? 0) + 1);
  return lines.filter((line) => counts.get(keyOf(line)) === line.of);
}

function whyNotGoOn(path: string, first: string | undefined, header: ResultHeader): string {
  const remedy = 'choose another folder with --out DIR, or begin anew with --force';
  const other = parsed(first);
  if (other?.['generator'] !== header.generator) {
    return `${toPerson(path)} is no file of results of this command; choose another folder with --out DIR.`;
  }
  const changed = Object.keys(header).filter((key) => legibleJson(other[key]) !== legibleJson(header[key]));
  return `${toPerson(path)} holds results with another ${changed.join(', ') || 'order of settings'}; ${remedy}.`;
}

function parsed(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    return Object(JSON.parse(text ?? '')) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
