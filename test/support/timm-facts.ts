import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A checkpoint as timm knows it: a line of the facts, under the names of their columns. */
export type Facts = Readonly<Record<string, string>>;

/** Name and shape of a parameter. */
export type NamedShape = readonly [name: string, shape: readonly number[]];

/** What timm says of its models. */
export interface TimmFacts {
  readonly checkpoints: readonly Facts[];
  /** The parameters of an architecture, in timm's order, with the classifier that timm builds it with. */
  readonly parametersOf: (architecture: string) => readonly NamedShape[];
}

interface Parts {
  readonly depth: number;
  readonly parameters: Readonly<Record<'before' | 'block' | 'after', readonly NamedShape[]>>;
}

/** Reads them from the reference folder. */
export function readTimmFacts(referenceFolder: string): TimmFacts {
  const folder = join(referenceFolder, 'zoo', 'facts');
  const [titles, ...lines] = readFileSync(join(folder, 'registry-facts.tsv'), 'utf8').trimEnd().split('\n');
  const columns = titles.split('\t');
  const { models } = JSON.parse(readFileSync(join(folder, 'names.json'), 'utf8')) as {
    models: Record<string, Parts>;
  };
  return {
    checkpoints: lines.map((line) => {
      const cells = line.split('\t');
      return Object.fromEntries(columns.map((column, i) => [column, cells[i]]));
    }),
    parametersOf(architecture) {
      const { depth, parameters } = models[architecture];
      const blocks = Array.from({ length: depth }, (_, i) =>
        parameters.block.map(([name, shape]): NamedShape => [`blocks.${i}.${name}`, shape]),
      );
      return [...parameters.before, ...blocks.flat(), ...parameters.after];
    },
  };
}

/** The first digits of a SHA-256: enough to tell two texts apart that nobody made alike on purpose. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
