/**
 * Names of tensors, written with places: `{n}` is the number of a block, `{p}` is `weight` or `bias`, and `{x}` anything.
 * `blocks.{n}.norm1.{p}` is `blocks.3.norm1.bias`, among others.
 */
export type Pattern = string;

/** What stands at the places of a pattern. */
export type Places = Readonly<Record<string, string>>;

const places: Readonly<Record<string, string>> = {
  '{n}': '(?<n>\\d+)',
  '{p}': '(?<p>weight|bias)',
  '{x}': '(?<x>.+)',
};

/** A pattern as a regular expression for a part of a larger one. */
export function sourceOf(pattern: Pattern): string {
  return pattern
    .split(/(\{[npx]\})/)
    .map((piece) => places[piece] ?? piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('');
}

/** Gives what stands at the places of a name, or undefined if the pattern is not the name's. */
export function matcher(pattern: Pattern): (name: string) => Places | undefined {
  const expression = new RegExp(`^${sourceOf(pattern)}$`);
  return (name) => {
    const found = expression.exec(name);
    return found ? { ...found.groups } : undefined;
  };
}

/** The name that has these at its places. */
export function fill(pattern: Pattern, filled: Places): string {
  return pattern.replace(/\{([npx])\}/g, (_, place: string) => filled[place]);
}
