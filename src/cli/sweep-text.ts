import { UsageError } from '../errors.js';
import type { Sweep } from '../pipeline/index.js';
import { optionRows, readOption } from './method-options.js';

/** More than anybody compares. */
const most = 200;

/**
 * `discard-ratio=0:0.9:0.1` from the first to the last in steps, or `head-fusion=mean,max,min`; of values with commas in them,
 * separated by semicolons.
 * @throws UsageError that says what is wrong with it
 */
export function parseSweep(text: string): Sweep {
  const found = /^\s*(?:--)?([a-z-]+)\s*=(.*)$/s.exec(text);
  if (!found) {
    throw new UsageError(
      `--sweep is "${text}"; give an option and its values, such as discard-ratio=0:0.9:0.1.`,
    );
  }
  const [, flag, texts] = found;
  const known = optionRows().map(({ usage, name }) => [usage.split(' ')[0].slice(2), name] as const);
  const option = known.find(([name]) => name === flag)?.[1];
  if (option === undefined) {
    const names = known.map(([name]) => name).join(', ');
    throw new UsageError(`--sweep knows no option "${flag}"; choose one of: ${names}.`);
  }
  const values = [...new Set(texts.includes(':') ? stepsOf(text, texts) : listed(texts))];
  if (values.length < 2) {
    throw new UsageError(
      `--sweep "${text}" has ${values.length === 0 ? 'no values' : 'one value'}; give at least two, such as ` +
        'discard-ratio=0:0.9:0.1 or head-fusion=mean,max,min.',
    );
  }
  if (values.length > most) {
    throw new UsageError(`--sweep "${text}" has more than ${most} values; give a larger step.`);
  }
  return { option, values: values.map((value) => readOption(option, value)) };
}

function listed(values: string): readonly string[] {
  return values
    .split(values.includes(';') ? ';' : ',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
}

function stepsOf(text: string, values: string): readonly string[] {
  const parts = values.split(':').map((part) => part.trim());
  const [from, to, step] = parts.map((part) => (part === '' ? NaN : Number(part)));
  if (parts.length !== 3 || ![from, to, step].every(Number.isFinite) || !(step > 0) || from > to) {
    throw new UsageError(
      `--sweep "${text}" has no steps; give the first value, the last and the step, all of them numbers, such as 0:0.9:0.1.`,
    );
  }
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  if (count > most) return Array.from({ length: most + 1 }, (_, i) => String(i));
  // Steps that are not whole add up with errors nobody wants to read.
  return Array.from({ length: count }, (_, i) => String(Number((from + i * step).toPrecision(12))));
}
