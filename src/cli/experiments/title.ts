import type { Explanation, ExplanationDocument } from '../../pipeline/index.js';

/** What a drawing of an experiment says below it: of which picture, model and class. Letters of ASCII. */
export function titleOf({ model }: ExplanationDocument, explanation: Explanation): string {
  const { method, class: index, label, target, before, options } = explanation;
  const whose = index === null ? (target ?? '') : `${label ?? 'class'} (${index})`;
  const given = Object.values(options).map(String).join(', ');
  const now = before === undefined ? '' : `, ${before.toFixed(3)} with all of them`;
  const said = `${method} of ${model.name}, ${given}${whose === '' ? '' : `: what ${whose} loses${now}`}`;
  return said.replaceAll(/[^\x20-\x7e]/g, '?');
}
