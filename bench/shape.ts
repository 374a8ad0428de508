import { UsageError } from 'vitrine';

const largest = 2 ** 28;

/**
 * Reads `197x192x768`.
 * @param meanings for each number of extents that is allowed, what they are: `['M', 'K', 'N']`
 * @throws UsageError that says what the kernel takes
 */
export function parseShape(text: string, kernel: string, meanings: readonly (readonly string[])[]): number[] {
  const extents = text
    .trim()
    .split(/\s*[x×]\s*/i)
    .map((extent) => (/^\d+$/.test(extent) ? Number(extent) : NaN));
  const fits = meanings.some((names) => names.length === extents.length);
  if (!fits || extents.some((extent) => !(extent >= 1))) {
    const forms = meanings.map((names) => names.join('x')).join(' or ');
    throw new UsageError(
      `--shape is "${text}"; ${kernel} takes ${forms}, with whole numbers of at least 1 for the letters.`,
    );
  }
  if (extents.reduce((product, extent) => product * extent, 1) > largest * 2 ** 10) {
    throw new UsageError(`--shape is "${text}", which is too large to be measured; give smaller numbers.`);
  }
  return extents;
}
