import { escaped } from '../../svg.js';

/** Text of a page in which everything that is no markup is escaped. */
export class Markup {
  constructor(readonly text: string) {}
}

type Part = string | number | Markup | readonly Markup[];

/** Markup with parts in it; those that are no markup are escaped, in attributes too, which stand between double quotes. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.reduce((text, next, i) => text + textOf(parts[i - 1]) + next));
}

function textOf(part: Part): string {
  if (part instanceof Markup) return part.text;
  return typeof part === 'object' ? part.map(textOf).join('') : escaped(String(part));
}

/** Data for a page's script, as an element that is no script: nothing in it ends the element. */
export function dataElement(id: string, data: unknown): Markup {
  const text = JSON.stringify(data).replaceAll('<', '\\u003c');
  return markup`<script type="application/json" id="${id}">${new Markup(text)}</script>`;
}

/** The same of text without markup, such as bytes as base64. */
export function textElement(id: string, text: string): Markup {
  return markup`<script type="text/plain" id="${id}">${new Markup(text)}</script>`;
}
