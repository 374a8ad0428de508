/** Of several copies of a model in one checkpoint, the one to take: averaged weights, a teacher, then what has no name. */
const better = ['ema', 'teacher', 'base_encoder', ''];
const worse = ['student', 'momentum_encoder', 'decoder'];

/** How gladly the model under a prefix is taken; the smaller, the better. */
export function rankOf(prefix: string): number {
  const words = prefix.split(/[._/]/);
  const rank = better.findIndex((word) => (word === '' ? prefix === '' : hasWord(words, word)));
  if (rank >= 0) return rank;
  return worse.some((word) => hasWord(words, word)) ? better.length + 1 : better.length;
}

function hasWord(words: readonly string[], word: string): boolean {
  return word.split('_').every((piece) => words.includes(piece));
}

/** Pieces of a name, each with the dot or the slash that ends it. */
export function piecesOf(prefix: string): string[] {
  return prefix.match(/[^./]+[./]/g) ?? [];
}

/** A name without as much of the prefix as it begins with: a classifier is often beside the model that has the prefix. */
export function withoutPrefix(name: string, prefix: string): string {
  let rest = name;
  for (const piece of piecesOf(prefix)) {
    if (!rest.startsWith(piece)) break;
    rest = rest.slice(piece.length);
  }
  return rest;
}

/** Whether a name is of the copy of the model under `other`, and not of that under `prefix`. */
export function isOfCopy(name: string, other: string, prefix: string): boolean {
  const [pieces, others] = [piecesOf(prefix), piecesOf(other)];
  const shared = pieces.findIndex((piece, i) => piece !== others[i]);
  const common = pieces.slice(0, shared < 0 ? pieces.length : shared).join('');
  const [own, foreign] = [pieces, others].map(
    (list) => common + list.slice(piecesOf(common).length, piecesOf(common).length + 1).join(''),
  );
  // Where one prefix is the beginning of the other, everything is of the shorter that is not of the longer.
  if (foreign === common) return name.startsWith(common) && !name.startsWith(own);
  return name.startsWith(foreign);
}
