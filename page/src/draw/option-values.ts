import type { OptionKind } from '../protocol.js';

/** Whether a control can show a value: an address may hold any, of which the engine says what is wrong. */
export function isOfKind({ kind }: OptionKind, value: unknown): boolean {
  switch (kind) {
    case 'range':
    case 'patch':
      return Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === 'number');
    case 'number':
      return typeof value === 'number';
    default:
      return typeof value === 'string' || typeof value === 'number';
  }
}
