import { UsageError } from '../../errors.js';
import { parseJson } from '../../json.js';
import { canonical, digestOfPlan, type BatchPlan } from '../plan.js';
import { resultFolders } from '../result-folders.js';
import { tableNames } from './tables.js';
import type { Shelf } from './shelf.js';

/** What a folder for results says of itself. */
const NAME = 'batch.json';
const generator = 'vitrine batch';

/** What is done to the pictures, and what their maps are called. */
export interface About {
  readonly plan: BatchPlan;
  readonly maps: readonly string[];
}

/** The plan of the results that are there; undefined if there are none. */
export async function aboutAt(shelf: Shelf): Promise<About | undefined> {
  const bytes = await shelf.read(NAME);
  if (bytes === undefined) return undefined;
  const parsed = parseJson(bytes.toString());
  const {
    generator: by,
    plan,
    maps,
  } = Object('value' in parsed ? parsed.value : undefined) as Partial<About & { generator: string }>;
  if (by === generator && plan && maps) return { plan, maps };
  throw new UsageError(
    `${shelf.pathOf(NAME)} is not of this command; choose another folder with --out, or delete it.`,
  );
}

/**
 * Says in a folder what its results are.
 * @param force whether results of another batch are taken away
 * @throws UsageError if there are some and they are to stay, or something that no batch wrote has the name of a table
 */
export async function settle(shelf: Shelf, about: About, force: boolean): Promise<void> {
  const there = await aboutAt(shelf).catch((error: unknown) => {
    if (!force) throw error;
    return undefined;
  });
  if (!there && !force) await refuseToReplace(shelf);
  const changed = there && changes(there.plan, about.plan);
  if (changed !== undefined) {
    if (!force) {
      throw new UsageError(
        `${shelf.place} holds results with another ${changed}; choose another folder with --out DIR, or begin anew with --force.`,
      );
    }
    for (const name of [...resultFolders, ...tableNames]) await shelf.remove(name);
  }
  const text = `${JSON.stringify({ generator, ...about }, null, 1)}\n`;
  await shelf.write(NAME, text);
}

async function refuseToReplace(shelf: Shelf): Promise<void> {
  for (const name of tableNames) {
    if ((await shelf.read(name)) === undefined) continue;
    throw new UsageError(
      `The table would replace ${shelf.pathOf(name)}, beside which there are no results of this command; ` +
        'choose another folder with --out DIR, or allow it with --force.',
    );
  }
}

/** What decides about results, behind "another". */
const words = {
  version: 'version of vitrine',
  model: 'model',
  methods: 'choice of methods or their options',
  targets: '--class or --target',
  score: '--target',
  backend: 'backend',
} as const;

/** What decides about results and has changed, in words; undefined if nothing has. */
function changes(there: BatchPlan, plan: BatchPlan): string | undefined {
  if (digestOfPlan(there) === digestOfPlan(plan)) return undefined;
  const changed = (Object.keys(words) as (keyof typeof words)[])
    .filter((part) => partOf(there, part) !== partOf(plan, part))
    .map((part) => words[part]);
  return changed.length === 0 ? 'choice of --write or --colormap' : changed.join(' and another ');
}

function partOf(plan: BatchPlan, part: keyof BatchPlan): string {
  if (part !== 'model') return canonical(plan[part]);
  return canonical({ ...plan.model, request: undefined });
}
