/**
 * Parses JSON that a person may have written.
 * @param text with or without the byte-order mark with which some editors begin a file
 * @returns the value, or what is wrong with the text, for the middle of a sentence
 */
export function parseJson(text: string): { readonly value: unknown } | { readonly complaint: string } {
  const json = text.replace(/^\ufeff/, '');
  try {
    return { value: JSON.parse(json) };
  } catch {
    // What engines say of it differs, and few say where.
    return { complaint: whyNoJson(json) };
  }
}

type Kind = '{' | '[' | '}' | ']' | ',' | ':' | 'text' | 'other';

const values = ['{', '[', 'text', 'other'] as const;

/** What may come next, in words, and the kinds of tokens that it is. */
const expectations = {
  'a value': values,
  'a value or "]"': [...values, ']'],
  'a name in double quotes': ['text'],
  'a name in double quotes or "}"': ['text', '}'],
  '":"': [':'],
  '"," or "}"': [',', '}'],
  '"," or "]"': [',', ']'],
  'nothing more': [],
} as const satisfies Record<string, readonly Kind[]>;
type Expectation = keyof typeof expectations;

const space = /[ \t\n\r]*/y;
const tokens: readonly RegExp[] = [
  /[{}[\],:]/y,
  /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y,
  /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y,
];

/** Finds the first place at which a text stops being JSON. */
function whyNoJson(text: string): string {
  if (/\ufffd|\0/.test(text.slice(0, 4))) return 'it is not UTF-8 text; save it as UTF-8';
  const open: Kind[] = [];
  let expected: Expectation = 'a value';
  let at = 0;
  let token: string | undefined;
  for (;;) {
    at += takeAt(at, text, space)!.length;
    token = tokens.map((pattern) => takeAt(at, text, pattern)).find((found) => found !== undefined);
    if (token === undefined) break;
    const kind = kindOf(token);
    if (!expectations[expected].some((allowed) => allowed === kind)) break;
    expected = afterToken(kind, expected, open);
    at += token.length;
  }
  if (at === text.length) return 'it ends too early';
  const lines = text.slice(0, at).split('\n');
  const place = `in line ${lines.length}, column ${lines[lines.length - 1].length + 1},`;
  if (token === undefined && text[at] === '"') {
    return `${place} a text begins that is not closed in its line, or in which a backslash is not doubled`;
  }
  const found = takeAt(at, text, /[\w.+-]+|[^]/uy)!;
  return `${place} there should be ${expected}, not ${JSON.stringify(found)}`;
}

function takeAt(at: number, text: string, pattern: RegExp): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function kindOf(token: string): Kind {
  if (token.startsWith('"')) return 'text';
  return '{[}],:'.includes(token) ? (token as Kind) : 'other';
}

/** @param open the brackets that are open, which it keeps up to date */
function afterToken(kind: Kind, expected: Expectation, open: Kind[]): Expectation {
  if (kind === '{' || kind === '[') {
    open.push(kind);
    return kind === '{' ? 'a name in double quotes or "}"' : 'a value or "]"';
  }
  if (kind === ':') return 'a value';
  if (kind === ',') return open.at(-1) === '{' ? 'a name in double quotes' : 'a value';
  if (expected.startsWith('a name') && kind === 'text') return '":"';
  if (kind === '}' || kind === ']') open.pop();
  const inside = open.at(-1);
  return inside === undefined ? 'nothing more' : inside === '{' ? '"," or "}"' : '"," or "]"';
}
