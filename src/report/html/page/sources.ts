import type { ExplanationDocument } from '../../../pipeline/index.js';
import { ratios } from '../discarding.js';
import type { Fusion } from '../fused.js';
import type { HeldAttention } from '../held-attention.js';
import { valuesOfMap, type PageData } from '../page-data.js';
import type { Choice } from './controls.js';
import type { ShownMap } from './map-figure.js';
import type { Photograph } from './photographs.js';
import type { Shown } from './state.js';

export const ratioInWords = (step: number): string => ratios[step].toFixed(2);

/** What can be shown at the places for maps. */
export class Sources {
  readonly #maps: readonly ShownMap[];
  /** What was computed here, so that it is not done again while a person looks elsewhere. */
  readonly #rollouts = new Map<string, ShownMap>();

  constructor(
    { maps }: PageData,
    { explanations }: ExplanationDocument,
    private readonly photographs: readonly Photograph[],
    private readonly attention: HeldAttention | undefined,
  ) {
    this.#maps = maps.map((map) => {
      const explanation = explanations[map.explanation];
      const note = explanation.note === undefined ? '' : ` (${explanation.note})`;
      return {
        heading: map.heading,
        words: map.words + note,
        grid: explanation.grid,
        values: valuesOfMap(explanation, map),
        colormap: map.colormap,
        ends: map.ends,
        photograph: photographs[map.picture],
      };
    });
  }

  /** Whether the rollout is one of them. */
  get hasRollout(): boolean {
    return this.attention !== undefined && this.attention.fusions.length > 0;
  }

  choices(): readonly Choice[] {
    const computed = this.#maps.map(({ heading, words }, number) => ({
      value: String(number),
      // Of the maps of a view the caption tells them apart.
      words: this.#maps.some((other, i) => i !== number && other.heading === heading)
        ? `${heading}: ${words}`
        : heading,
      group: 'as they were computed',
    }));
    if (!this.hasRollout) return computed;
    return [
      ...computed,
      { value: 'rollout', words: 'rollout, its fusion and ratio to choose', group: 'computed in this page' },
    ];
  }

  of({ source, fusion, step }: Shown): ShownMap {
    return source === 'rollout' ? this.#rollout(fusion, step) : this.#maps[source];
  }

  #rollout(fusion: Fusion, step: number): ShownMap {
    const key = `${fusion} ${step}`;
    const { attention } = this;
    const map = this.#rollouts.get(key) ?? {
      heading: 'rollout, computed in this page',
      words:
        `Head fusion ${fusion}, discard ratio ${ratioInWords(step)}, all layers. From attention in 8 bits: ` +
        'within 1 % of the largest value of the exact map.',
      grid: attention!.stored.grid,
      values: attention!.rollout(fusion, step),
      colormap: 'turbo',
      photograph: this.photographs[0],
    };
    this.#rollouts.set(key, map);
    return map;
  }
}
