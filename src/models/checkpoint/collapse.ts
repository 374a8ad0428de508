/** A line of a list: a name, and what is to be said of it. */
export interface Line {
  readonly name: string;
  readonly detail: string;
}

interface Family {
  readonly before: string;
  readonly after: string;
  readonly detail: string;
  readonly numbers: number[];
}

/**
 * The same list, shorter: lines that differ in the number of a block alone become one, as `blocks.0-11.norm1.weight`. No
 * name is left out.
 */
export function collapse(lines: readonly Line[]): Line[] {
  const families = new Map<string, Family>();
  for (const { name, detail } of lines) {
    const [, before, number = '', after] = /^([^\d]*?(?:^|[./_]))(\d+)([./].*)$/.exec(name) ?? [
      name,
      name,
      '',
      '',
    ];
    const key = JSON.stringify([before, after, detail, number === '']);
    const family = families.get(key) ?? { before, after, detail, numbers: [] };
    families.set(key, family);
    if (number !== '') family.numbers.push(Number(number));
  }
  return [...families.values()].map(({ before, after, detail, numbers }) => ({
    name: before + inRanges(numbers) + after,
    detail,
  }));
}

/** `0-2,5` */
function inRanges(numbers: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const range = ranges.at(-1);
    if (range && number === range[1] + 1) range[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}
