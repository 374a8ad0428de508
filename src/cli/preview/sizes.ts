import type { Size } from '../../image/index.js';
import type { Terminal } from './terminal.js';

/** Of the terminal, in characters. */
export interface Cells {
  readonly columns: number;
  readonly rows: number;
}

/** Where a terminal does not say how large it is. */
const usual: Cells = { columns: 80, rows: 24 };

/** Lines that stay for what is told of the picture. */
const kept = 3;

/** Pixels across a character, as a picture that is not larger than the terminal is drawn; twice as many are in its height. */
const cell = 8;

/** How many characters a picture takes: as many as it needs, and no more than there are. */
export function cellsFor({ width, height }: Size, { stdout }: Pick<Terminal, 'stdout'>): Cells {
  const most = { columns: stdout.columns || usual.columns, rows: stdout.rows || usual.rows };
  const across = Math.min(most.columns - 1, Math.ceil(width / cell));
  const down = Math.max(1, most.rows - kept);
  const scale = Math.min(across / width, (2 * down) / height);
  const least = (length: number): number => Math.max(1, Math.round(length));
  return { columns: least(width * scale), rows: Math.min(down, least((height * scale) / 2)) };
}

/** How many pixels of a picture those characters have room for, at so many across each. */
export function pixelsFor({ columns, rows }: Cells, across: number): Size {
  return { width: columns * across, height: rows * 2 * across };
}
