import { UsageError } from '../errors.js';
import { parseParts, partExamples, type Ablation, type NamedParts } from '../explain/index.js';
import { sizesOf, type VisionTransformerConfig } from '../models/index.js';
import type { AblationDocument } from '../pipeline/index.js';
import { tell } from './legible.js';
import { digested } from './short-names.js';

/** What is typed of it. */
export interface RawAblation {
  readonly ablate?: string;
  readonly meanAblate?: boolean;
}

/** What a person asked to take out. */
export type AskedAblation = Ablation & Pick<NamedParts, 'names'>;

/** What takes parts out of model or picture, as a command lists it. */
export const ablationRows = [
  [
    '--ablate <parts>',
    `heads, attention, MLPs or patches that are taken out: ${partExamples.join(' | ')}, separated by commas; shown before, after, and what that changed`,
  ],
  ['--mean-ablate', 'put their mean over the tokens in the place of what --ablate takes out'],
] as const;

/** @throws UsageError for what is no part of the model */
export function ablationOf(
  { ablate, meanAblate = false }: RawAblation,
  config: VisionTransformerConfig,
): AskedAblation | undefined {
  if (ablate !== undefined) {
    return { ...parseParts(ablate, sizesOf(config), '--ablate'), by: meanAblate ? 'mean' : 'zero' };
  }
  if (!meanAblate) return undefined;
  throw new UsageError(
    `--mean-ablate says what takes the place of parts; name them, such as --ablate ${partExamples[0]}.`,
  );
}

/** In the names of files, which may not have all signs: `without-blocks.5.attn-2`, `mean-of-blocks.5.mlp`. */
export function ablationName({ names, by }: AskedAblation): string {
  const all = names.join('+').replaceAll(':', '-').replaceAll(';', '_');
  return `${by === 'zero' ? 'without' : 'mean-of'}-${digested(all)}`;
}

/** `without blocks.5.attn:2` */
export function ablationInWords({ parts, by }: Pick<AblationDocument, 'parts' | 'by'>): string {
  return `${by === 'zero' ? 'without' : 'with the mean of'} ${parts.join(', ')}`;
}

/** Says what became of the classes. */
export function printAblation(ablation: AblationDocument): void {
  tell(`  ${ablationInWords(ablation)}:`);
  for (const { index, label, before, after, difference } of ablation.logits) {
    const [from, to, by] = [before, after, difference].map((value) => value.toFixed(3));
    tell(`    ${label} (${index}): logit ${from} -> ${to} (${difference < 0 ? '' : '+'}${by})`);
  }
}
