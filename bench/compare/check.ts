import { join } from 'node:path';
import { checkResults } from './agreement.js';
import { readRaw } from './raw-file.js';
import type { Contest } from './tasks.js';

/** @throws DisagreementError if a way gives other results than the first */
export async function checkContest(
  { title, ways }: Pick<Contest, 'title' | 'ways'>,
  folder: string,
): Promise<void> {
  const [ours, ...others] = ways.filter(
    ({ task }) => task.work === ways[0].task.work || task.work === 'forward-each',
  );
  const file = join(folder, 'results');
  const sizes = await ours.contestant.outputs(ours.task, file);
  const expected = await readRaw(file);
  for (const { contestant, task, label = '' } of others) {
    await contestant.outputs(task, file);
    const { threads, name } = contestant;
    const names = `${title}, vitrine and ${name} ${label}`.trim();
    checkResults(sizes, expected, await readRaw(file), `${names}, ${threads} threads`);
  }
}
