import type { Measure } from '../../evaluate/index.js';
import { intervalChart, type Drawing } from '../../report/index.js';
import { cellOf, isBaseline, type EvaluationTable } from './table.js';

/** Columns of a chart: more than these have no room on a page. */
const MOST = 4;
/** Those that are drawn first, where a table has more. */
const first = ['energy', 'iou', 'ap', 'discrimination', 'srg', 'deletion', 'insertion', 'perturbation+'];

const notes: Readonly<Record<Measure['better'], string>> = {
  higher: 'more is better',
  lower: 'less is better',
  neither: '',
};

/** The first of a table's measures, a panel each, a row a method. */
export function chartOf({ about, measures, rows }: EvaluationTable): Drawing {
  const shown = chosen(measures);
  return intervalChart({
    caption: `${about.model}, ${about.pictures} pictures; means with 95 % intervals, grey: baselines`,
    panels: shown.map(({ name, better }) => ({ title: name, note: notes[better] })),
    rows: rows.map(({ method, cells }) => ({
      name: method,
      isBaseline: isBaseline(method),
      cells: shown.map(({ name }) => cellOf(cells, name)),
    })),
  });
}

function chosen(measures: readonly Measure[]): readonly Measure[] {
  const places = (measure: Measure): number => {
    const place = first.indexOf(measure.name);
    return place < 0 ? first.length : place;
  };
  return measures.toSorted((a, b) => places(a) - places(b)).slice(0, MOST);
}
