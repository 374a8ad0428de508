import { WeightsError } from '../../errors.js';
import { formatShape } from '../../tensor/index.js';
import { editDistance } from '../registry/edit-distance.js';
import { collapse, type Line } from './collapse.js';
import type { TensorFile } from './tensor-file.js';

/** A name, and what it measures. */
type Named = readonly [name: string, tensor: { readonly shape: readonly number[] }];

/** @throws WeightsError that lists all tensors that are missing, left over or of another shape */
export function checkFit(
  wanted: readonly Named[],
  { source, tensors }: Pick<TensorFile, 'source' | 'tensors'>,
): void {
  const parameters = new Map(wanted);
  const missing = wanted.filter(([name]) => !tensors.has(name));
  const unknown = [...tensors].filter(([name]) => !parameters.has(name));
  const misshapen = wanted.flatMap(([name, { shape }]): Line[] => {
    const found = tensors.get(name);
    if (!found || formatShape(found.shape) === formatShape(shape)) return [];
    return [{ name, detail: `${formatShape(found.shape)}, but the model needs ${formatShape(shape)}` }];
  });
  const faults = missing.length + unknown.length + misshapen.length;
  if (faults === 0) return;
  const [lacking, beside] = [missing, unknown].map((list) => collapse(list.map(measured)));
  const lines = [
    ...section('lacks', missing.length, lacking),
    ...section('holds, unknown to the model,', unknown.length, withNearest(beside, lacking)),
    ...section('holds with another shape', misshapen.length, collapse(misshapen)),
  ];
  throw new WeightsError(
    `"${source}" does not fit the model: of its ${wanted.length} tensors ${missing.length} are missing and ${misshapen.length} ` +
      `have another shape, and ${unknown.length} are there that it does not know; use the checkpoint that belongs to it.\n` +
      lines.join('\n'),
  );
}

function measured([name, { shape }]: Named): Line {
  return { name, detail: formatShape(shape) };
}

function section(title: string, count: number, lines: readonly Line[]): string[] {
  if (count === 0) return [];
  return [`  it ${title} ${count}:`, ...lines.map(({ name, detail }) => `    ${printable(name)} ${detail}`)];
}

/** A name from a file may hold control characters. */
function printable(name: string): string {
  return JSON.stringify(name).slice(1, -1);
}

/** What is left over, with the missing name that it may be meant for. */
function withNearest(lines: readonly Line[], missing: readonly Line[]): Line[] {
  return lines.map(({ name, detail }) => {
    const nearest = nearestOf(name, missing);
    return { name, detail: nearest === undefined ? detail : `${detail}: is it ${nearest}?` };
  });
}

/** The name that differs least, if it is not another one altogether. */
function nearestOf(name: string, lines: readonly Line[]): string | undefined {
  let limit = Math.floor(name.length / 3);
  let nearest: string | undefined;
  for (const line of lines) {
    const distance = editDistance(name, line.name, limit);
    if (distance > limit) continue;
    nearest = line.name;
    limit = distance - 1;
  }
  return nearest;
}
