/** What steers a terminal, breaks a line, or turns the order in which text is read. */
const disruptive = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Text that others chose, with such characters as an address has them: `%1B` for escape. */
export function legible(text: string): string {
  return text.replace(disruptive, encodeURIComponent);
}
