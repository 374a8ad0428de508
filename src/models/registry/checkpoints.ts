import type { Preprocessing } from '../../image/index.js';
import { timmPreprocessing, type TimmPictures } from '../configuration/timm-preprocessing.js';
import { architectureArguments } from './architectures.js';
import { checkpointTable } from './data/checkpoints.js';
import { once, rowsOf } from './table.js';

/** A row of the table. */
export interface PublishedCheckpoint {
  readonly architecture: string;
  /** timm's word for what it was trained on, and how. */
  readonly tag: string;
  /** Whether it is what the architecture's bare name means. */
  readonly isDefault: boolean;
  /** Of the classifier; 0 for none. */
  readonly classes: number;
  /** Whether its numbers are an embedding. */
  readonly embeds: boolean;
  readonly preprocessing: Preprocessing;
  /** On the hub, "owner/name". */
  readonly repo: string;
  readonly licence: string;
}

const statistics: Readonly<Record<string, Pick<TimmPictures, 'mean' | 'std'>>> = {
  imagenet: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  half: { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
  clip: {
    mean: [0.48145466, 0.4578275, 0.40821073],
    std: [0.26862954, 0.26130258, 0.27577711],
  },
  none: { mean: [0, 0, 0], std: [1, 1, 1] },
};

/** What the words at the end of a row mean for pictures. */
const words: Readonly<Record<string, Partial<TimmPictures>>> = {
  squash: { crop_mode: 'squash' },
  bilinear: { interpolation: 'bilinear' },
};

const byArchitecture = once(() => {
  const found = new Map<string, (readonly string[])[]>();
  for (const row of rowsOf(checkpointTable)) {
    const [architecture] = row[0].split('.');
    found.set(architecture, [...(found.get(architecture) ?? []), row]);
  }
  return found;
});

/** The published checkpoints of an architecture, the default one first. */
export function checkpointsOf(architecture: string): readonly PublishedCheckpoint[] {
  return (byArchitecture().get(architecture) ?? []).map((row, position) =>
    checkpointOf(architecture, row, position === 0),
  );
}

/** Architectures of which a checkpoint is published. */
export function publishedArchitectures(): readonly string[] {
  return [...byArchitecture().keys()];
}

function checkpointOf(architecture: string, row: readonly string[], isDefault: boolean): PublishedCheckpoint {
  const [name, outputs, colours, share, licence, ...special] = row;
  const other = special.find((word) => word.startsWith('@'))?.slice(1);
  return {
    architecture,
    tag: name.slice(architecture.length + 1),
    isDefault,
    classes: Number(outputs.replace('e', '')),
    embeds: outputs.startsWith('e'),
    preprocessing: timmPreprocessing({
      size: architectureArguments(architecture).img_size as number,
      crop_pct: Number(share),
      ...statistics[colours],
      ...(Object.assign({}, ...special.map((word) => words[word])) as Partial<TimmPictures>),
    }),
    repo: `timm/${other ?? name}`,
    licence,
  };
}
