/** SVG as plain strings: what is written here is well-formed whatever the texts hold. */
type Attributes = Readonly<Record<string, string | number>>;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** XML 1.0 has no way at all to write most control characters. */
// eslint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

export function escaped(content: string): string {
  return content.replace(forbidden, '').replace(/[&<>"']/g, (character) => entities[character]);
}

/** Numbers to a hundredth of a pixel. */
export function attributes(given: Attributes): string {
  return Object.entries(given)
    .map(([name, value]) => {
      const written = typeof value === 'number' ? String(Math.round(100 * value) / 100) : escaped(value);
      return `${name}="${written}"`;
    })
    .join(' ');
}

export function text(content: string, given: Attributes): string {
  return `<text ${attributes({ fill: '#1f2933', ...given })}>${escaped(content)}</text>`;
}

/** @param hint shown when the pointer rests on it */
export function rectangle(given: Attributes, hint?: string): string {
  if (hint === undefined) return `<rect ${attributes(given)}/>`;
  return `<rect ${attributes(given)}><title>${escaped(hint)}</title></rect>`;
}

/** Round numbers from 0 to `end`, at most `most` of them and at least half as many if `end` is more than 0. */
export function niceTicks(end: number, most: number): number[] {
  if (!(end > 0) || !Number.isFinite(end)) return [0];
  const least = end / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10);
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, tick) => tick * step);
}
