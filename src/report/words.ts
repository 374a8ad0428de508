import { ofShapes, type Drawing } from './drawing.js';
import { inks, setText, shortened, wrapped } from './typeface/typeset.js';

/** What a kind of text looks like: pixels an em, from line to line, and its ink. */
const styles = {
  title: { size: 16, line: 22, fill: inks.text },
  heading: { size: 13, line: 17, fill: inks.text },
  body: { size: 11, line: 15, fill: inks.text },
  note: { size: 11, line: 15, fill: inks.faint },
  small: { size: 9.5, line: 12, fill: inks.faint },
} as const;

export type Style = keyof typeof styles;

/** Lines of text. */
export function lines(texts: readonly string[], style: Style, width: number): Drawing {
  const { size, line, fill } = styles[style];
  const shapes = texts.map((text, i) => setText(text, { x: 0, y: i * line + 0.76 * line, size, fill }));
  return ofShapes({ width, height: texts.length * line }, shapes);
}

/**
 * A text in as many lines as it needs.
 * @param most so many of them at most, the last one cut
 */
export function paragraph(text: string, style: Style, width: number, most = Infinity): Drawing {
  const { size } = styles[style];
  const all = wrapped(text, size, width);
  if (all.length <= most) return lines(all, style, width);
  return lines(
    [...all.slice(0, most - 1), shortened(all.slice(most - 1).join(' '), size, width)],
    style,
    width,
  );
}
