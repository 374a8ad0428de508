/** A column's heading; `left` for text, right-aligned if left out, for numbers. */
export interface Column {
  readonly title: string;
  readonly align?: 'left';
}

/** Lays out rows of text under headings, two spaces between the columns. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, column) =>
    Math.max(title.length, ...rows.map((row) => row[column].length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        columns[column].align === 'left' ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
      )
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map(line)].join('\n');
}

/** Three significant digits, without an exponent: 0.0123, 1.23, 123, 1234. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (value === 0) return '0';
  const places = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(places, 4));
}

export function percent(share: number | undefined): string {
  return share === undefined || !Number.isFinite(share) ? '-' : `${(100 * share).toFixed(1)} %`;
}
