/** What a driver or Dawn says of a failure, often on many lines, for the end of a sentence, without a full stop. */
export function driversWords(failure: unknown): string {
  const { message = failure } = Object(failure) as { readonly message?: unknown };
  const lines = String(message)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.join(' ').replace(/\.$/, '') || 'the driver gives no reason';
}
