import { legibleJson } from '../legible.js';
import { bestOf, cellOf, inWords, isBaseline, leaderOf, type EvaluationTable } from './table.js';

/** An arrow towards what is better. */
const arrows = { higher: '↑', lower: '↓', neither: '' } as const;

/** For a terminal: aligned columns. */
export function asLines(table: EvaluationTable): readonly string[] {
  const lead = leaderOf(table.measures);
  const head = [
    'method',
    ...table.measures.map(({ name, better }) => `${name} ${arrows[better]}`.trim()),
    'rank',
  ];
  const body = table.rows.map(({ method, cells }) => [
    isBaseline(method) ? `(${method})` : method,
    ...table.measures.map((measure) => inWords(cellOf(cells, measure.name), measure)),
    (lead && cellOf(cells, lead.name)?.rank?.toFixed(1)) ?? '',
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((row) => row[column].length)));
  return [head, ...body].map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join('  ')
      .trimEnd(),
  );
}

/** What the numbers are, below a table. */
export function legendOf({ about, measures, notes }: EvaluationTable): readonly string[] {
  const { model, layout, pictures, skipped } = about;
  const lead = leaderOf(measures);
  return [
    `${model} on ${pictures} pictures (${layout})${skipped.length === 0 ? '' : `, ${skipped.length} left out`}; ± is half of the 95 % interval, by bootstrap over pictures`,
    ...(lead && lead.better !== 'neither' ? [`rank: mean place among all rows by ${lead.name}`] : []),
    ...notes,
  ];
}

/** For a page: the best of a column is bold, baselines are in italics. */
export function asMarkdown(table: EvaluationTable): string {
  const lead = leaderOf(table.measures);
  const best = new Map(table.measures.map((measure) => [measure.name, bestOf(table, measure)]));
  const head = [
    'method',
    ...table.measures.map(({ name, better }) => `${name} ${arrows[better]}`.trim()),
    'rank',
  ];
  const rows = table.rows.map(({ method, cells }) => [
    isBaseline(method) ? `_${method}_` : `\`${method}\``,
    ...table.measures.map((measure) => {
      const cell = cellOf(cells, measure.name);
      const words = inWords(cell, measure);
      const isBest = !isBaseline(method) && cell !== undefined && cell.mean === best.get(measure.name);
      return isBest ? words.replace(/^\S+/, '**$&**') : words;
    }),
    (lead && cellOf(cells, lead.name)?.rank?.toFixed(1)) ?? '',
  ]);
  const rule = head.map((_, column) => (column === 0 ? '---' : '--:'));
  const lines = [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  const legend = [
    ...legendOf(table).map(sentence),
    ...table.measures.map(({ name, help }) => `_${name}_: ${sentence(help)}`),
  ];
  return `${lines.join('\n')}\n\n${legend.map((line) => `- ${line}`).join('\n')}\n`;
}

function sentence(text: string): string {
  return `${text}.`;
}

/** For a program that calculates: a row for each method and measure, with all digits. */
export function asCsv({ rows, measures }: EvaluationTable): string {
  const lines = rows.flatMap(({ method, cells }) =>
    measures.flatMap(({ name }) => {
      const cell = cellOf(cells, name);
      if (!cell) return [];
      return [[method, name, cell.mean, cell.low, cell.high, cell.count, cell.rank ?? ''].join(',')];
    }),
  );
  return ['method,measure,mean,low,high,count,rank', ...lines].map((line) => `${line}\n`).join('');
}

export function asJson({ about, measures, rows, notes }: EvaluationTable): string {
  const told = measures.map(({ name, better, help }) => ({ name, better, help }));
  return legibleJson({ ...about, measures: told, rows, notes }, 1);
}
