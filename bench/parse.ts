import { UsageError } from 'vitrine';

/** @throws UsageError unless the text is a whole number of at least `least` */
export function wholeNumber(option: string, text: string, least: number): number {
  const value = /^\s*\d+\s*$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(value) || value < least) {
    throw new UsageError(`${option} is "${text}"; give a whole number, at least ${least}.`);
  }
  return value;
}

/** Numbers between commas, each once, least first. */
export function wholeNumbers(option: string, text: string, least: number): number[] {
  const numbers = text.split(',').map((part) => wholeNumber(option, part, least));
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** @throws UsageError for an empty text */
export function notEmpty(option: string, text: string): string {
  if (text.trim() === '') throw new UsageError(`${option} is empty; give a value.`);
  return text;
}
