/** Three digits of a number, with a minus of the length of a plus. */
export function numberInWords(value: number): string {
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(2) : String(+value.toPrecision(3));
  return text.replaceAll('-', '\u2212').replace('e+', 'e');
}
