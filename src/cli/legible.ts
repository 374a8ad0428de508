import { isUtf8 } from 'node:buffer';

/** What steers a terminal, breaks a line, or turns the order in which text is read. */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Text with such characters as the bytes that they take in UTF-8, each as in an address: `%1B` for escape. */
export function legible(text: string): string {
  return text.replace(unprintable, encodeURIComponent);
}

/** A name in bytes; those that are not UTF-8 are shown in the same way: `f%E4.png`. */
export function legibleBytes(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = [1, 2, 3, 4].find((count) => isCharacter(bytes, at, at + count));
    text += length === undefined ? percent(bytes[at]) : bytes.toString('utf8', at, at + length);
    at += length ?? 1;
  }
  return legible(text);
}

function isCharacter(bytes: Buffer, from: number, to: number): boolean {
  return to <= bytes.length && isUtf8(bytes.subarray(from, to));
}

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** JSON that says the same, with such characters escaped as JSON has it. */
export function legibleJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(unprintable, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Prints a line of results, whatever names are in it. */
export function tell(line: string): void {
  console.log(legible(line));
}

/** Prints what went wrong, one sentence without the program's name. Lines that are set in below it are a list. */
export function complain(sentence: string): void {
  console.error(
    `vitrine: ${sentence
      .split(/\n(?= {2})/)
      .map(legible)
      .join('\n')}`,
  );
}
