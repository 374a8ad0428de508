import { encodePng } from '../../node/index.js';
import type { FileToWrite } from '../../node/index.js';
import { confusionTable, rasterise } from '../../report/index.js';
import { join } from 'node:path';
import { csv } from '../csv.js';
import type { Worth } from './classifier.js';

/** What a model is worth, and where that was measured. */
export interface TestResult {
  readonly model: string;
  readonly data: string;
  readonly labels: readonly string[];
  readonly worth: Worth;
}

const inPercent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** As lines for a terminal. */
export function worthInLines({ metrics, smm }: Worth): string[] {
  const { accuracy, top5, recall, precision, f1, auc, pictures } = metrics;
  const rows: (readonly [string, string] | undefined)[] = [
    ['accuracy', `${inPercent(accuracy)} of ${pictures} pictures`],
    top5 === undefined ? undefined : ['top 5', inPercent(top5)],
    ['recall', `${inPercent(recall)}, the mean of the classes, as what follows`],
    ['precision', inPercent(precision)],
    ['F1', inPercent(f1)],
    [
      'AUC',
      Number.isNaN(auc)
        ? 'not defined, all are of one class'
        : `${auc.toFixed(4)}, one class against the rest`,
    ],
    smm && [
      'SMM',
      `${smm.mean.toFixed(3)}, the share of the saliency on the object, of ${smm.pictures} pictures`,
    ],
  ];
  return rows.flatMap((row) => (row ? [`${row[0].padEnd(10)} ${row[1]}`] : []));
}

/** The same as a document. */
export function worthDocument({ model, data, labels, worth }: TestResult) {
  const { confusion, top5, auc, ...metrics } = worth.metrics;
  return {
    schema: 'vitrine-test-1',
    model,
    data,
    ...metrics,
    top5: top5 ?? null,
    auc: Number.isNaN(auc) ? null : auc,
    smm: worth.smm ?? null,
    labels,
    confusion: rowsOf(confusion.counts, confusion.classes),
    leftOut: Object.fromEntries(worth.damaged),
  };
}

/** What the document is called. */
export const worthFile = 'test.json';

/** The document, and which class was taken for which, as a table and as a picture. */
export function worthFiles(folder: string, result: TestResult): FileToWrite[] {
  const { labels, worth, model, data } = result;
  const { counts, classes } = worth.metrics.confusion;
  const lines = rowsOf(counts, classes).map((row, i) => [labels[i], ...row]);
  const title = `${model} on ${data}: ${inPercent(worth.metrics.accuracy)} right`;
  const picture = rasterise(confusionTable({ labels, counts, title }));
  return [
    { path: join(folder, worthFile), data: `${JSON.stringify(worthDocument(result), null, 2)}\n` },
    { path: join(folder, 'confusion.csv'), data: csv([['shown', ...labels], ...lines]) },
    { path: join(folder, 'confusion.png'), data: encodePng(picture) },
  ];
}

function rowsOf(counts: Float64Array, classes: number): number[][] {
  return Array.from({ length: classes }, (_, row) => [
    ...counts.subarray(row * classes, (row + 1) * classes),
  ]);
}
