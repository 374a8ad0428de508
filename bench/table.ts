/**
 * Lays out rows of text in columns, two spaces between: numbers to the right, all else to the left.
 * @param rows cells by the title of their column; the first row has all titles, others may leave cells out
 */
export function table(rows: readonly Readonly<Record<string, string>>[]): string {
  const columns = Object.keys(rows[0] ?? {}).map((title) => {
    const cells = rows.map((row) => row[title] ?? '');
    const width = Math.max(title.length, ...cells.map(({ length }) => length));
    const isNumeric = cells.every((cell) => /^(-|[\d.]+( %)?)?$/.test(cell));
    return [title, ...cells].map((cell) => (isNumeric ? cell.padStart(width) : cell.padEnd(width)));
  });
  const lines = columns.at(0)?.map((_, line) =>
    columns
      .map((column) => column[line])
      .join('  ')
      .trimEnd(),
  );
  return lines?.join('\n') ?? '';
}

/** Three significant digits, without an exponent: 0.0123, 1.23, 123, 1234; `-` for what is not known. */
export function digits(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '-';
  if (value === 0) return '0';
  const places = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(places, 4));
}

export function percent(share: number | undefined): string {
  return share === undefined || !Number.isFinite(share) ? '-' : `${(100 * share).toFixed(1)} %`;
}

/** Such as `1 run` and `20 runs`. */
export function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
