import type { Explanation, ExplanationDocument, LogitChange } from '../pipeline/index.js';
import { inRow, stacked, type Drawing } from './drawing.js';
import { lines, paragraph } from './words.js';

const [term, gap] = [52, 10];

/** By what a picture was made, and what must be known of it: a line for each, its term before it. */
export function factLines(document: ExplanationDocument, width: number): Drawing {
  const rows = factsOf(document).map(([name, fact]) =>
    inRow([lines([name], 'note', term), paragraph(fact, 'body', width - term - gap)], gap),
  );
  return stacked(rows, 2);
}

/** Terms with what they are. */
export function factsOf({
  image,
  model,
  device,
  explanations,
  ablation,
}: ExplanationDocument): readonly [string, string][] {
  const notes = [image.note, model.note, ...(model.concluded ?? []), ...explanations.map(({ note }) => note)];
  return [
    ['model', model.name],
    ['method', [...new Set(explanations.map(methodInWords))].join('; ')],
    [
      'target',
      [...new Set(explanations.flatMap(targetInWords))].join('; ') || 'none: the same for every class',
    ],
    ['device', `${device.backend}: ${device.adapter}`],
    ...(ablation === undefined
      ? []
      : [['changes', ablation.logits.map(changeInWords).join('; ')] satisfies [string, string]]),
    ...notes.filter((note) => note !== undefined).map((note): [string, string] => ['note', note]),
  ];
}

/** `tabby (281): logit 8.12, then 7.90` */
function changeInWords({ index, label, before, after }: LogitChange): string {
  return `${label} (${index}): logit ${before.toFixed(2)}, then ${after.toFixed(2)}`;
}

/** With all that it was made with: `rollout (head fusion mean, discard ratio 0, layers 0-11)`. */
function methodInWords({ method, options }: Explanation): string {
  const told = Object.entries(options).filter(([name]) => name !== 'against');
  const words = told.map(([name, value]) => `${spaced(name)} ${[value].flat().join('-')}`);
  return words.length === 0 ? method : `${method} (${words.join(', ')})`;
}

function targetInWords({ class: index, label, target, options: { against } }: Explanation): string[] {
  if (index === null) return target === undefined ? [] : [target];
  const of = against === undefined ? `${index}` : `${index} \u2212 ${against}`;
  return [`${target ?? 'logit'} of ${label ?? 'class'} (${of})`];
}

/** `headFusion` as `head fusion`. */
function spaced(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
