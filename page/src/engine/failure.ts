import { VitrineError } from 'vitrine';

/** What went wrong, in one sentence for a person. */
export function failureInWords(error: unknown): string {
  if (isLackOfMemory(error)) {
    return 'This machine has no memory left for that: close other pages, choose a smaller model, or load the page again.';
  }
  if (error instanceof VitrineError) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  return `Something went wrong that the page did not expect (${message.replace(/\.$/, '')}); load it again.`;
}

/** Each part of a browser says it in its own words. */
function isLackOfMemory(error: unknown): boolean {
  const { name, message } = Object(error) as Partial<Error>;
  const words =
    /out of memory|allocation failed|not enough memory|memory could not be grown|Array buffer allocation/i;
  return name === 'GPUOutOfMemoryError' || words.test(message ?? '');
}
