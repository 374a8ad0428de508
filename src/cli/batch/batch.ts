import { Crew } from '../../batch/crew/crew.js';
import { openInputs } from '../../batch/inputs/open.js';
import type { Item } from '../../batch/inputs/item.js';
import { isAddress } from '../../batch/inputs/address.js';
import { settle } from '../../batch/results/about.js';
import { Parts } from '../../batch/results/parts.js';
import { shelfAt, type Shelf } from '../../batch/results/shelf.js';
import { writeTables } from '../../batch/results/tables.js';
import { UnderWay } from '../../batch/results/under-way.js';
import { workOn, type Done } from '../../batch/work/work.js';
import { inWords } from '../demo-model.js';
import { Interrupted, Interruption } from '../interruption.js';
import { complain, tell } from '../legible.js';
import { fromPerson, toPerson } from '../paths.js';
import { pictureProgress, type PictureProgress } from '../picture-progress.js';
import { makeFolder, removeIfEmpty } from '../results-folder.js';
import { checkBatchOptions, type BatchOptions, type RawBatchOptions } from './options.js';
import { planned, type Planned } from './planned.js';

/**
 * Explains all pictures of the inputs, or goes on where it was stopped, and writes the table of all of them.
 * @returns the exit status: 0, 1 if some pictures failed, a shell's status if it was interrupted
 */
export async function batch(raw: RawBatchOptions, inputs: readonly string[]): Promise<number> {
  const options = await checkBatchOptions(raw, inputs);
  const items = await openInputs(options.inputs, {
    absolute: fromPerson,
    relative: toPerson,
    out: options.out,
  });
  const plan = await planned(raw, options, items);
  const made = isAddress(options.out) ? [] : await makeFolder(options.out);
  try {
    const shelf = shelfAt(options.out);
    await settle(shelf, plan, raw.force ?? false);
    return await explained(options, plan, items, shelf);
  } finally {
    await removeIfEmpty(made);
  }
}

async function explained(
  options: BatchOptions,
  plan: Planned,
  items: readonly Item[],
  shelf: Shelf,
): Promise<number> {
  const parts = await Parts.open(shelf);
  const underWay = await UnderWay.open(shelf, options.shard, items);
  tellHeader(plan, items, parts);
  const interruption = new Interruption('stopping; the same command goes on with it.');
  const tally = new Tally(pictureProgress(items.length));
  let crew: Promise<Crew> | undefined;
  try {
    const entries = await workOn(items, {
      ...plan,
      parts,
      shelf,
      shard: options.shard,
      isSuspect: (item) => underWay.isSuspect(item),
      underWay,
      signal: interruption.signal,
      tell: tally.note,
      crew: () => (crew ??= Crew.open({ ...plan, ...options.settings, batch: sizeOf(options, items) })),
    });
    tally.stop();
    if (options.shard) tellShard(options.shard, tally);
    else {
      const tables = await writeTables(
        { entries, parts, formats: plan.plan.formats, maps: plan.maps },
        shelf,
      );
      tell(`written: ${tables.map((name) => placeIn(shelf, name)).join(', ')}`);
    }
    if (tally.failed > 0) complain(`${tally.failed} of ${items.length} pictures could not be explained.`);
    return tally.failed > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    tally.stop();
    complain(`stopped; ${parts.size} results are there, and the same command goes on with the others.`);
    return error.status;
  } finally {
    tally.stop();
    interruption.stop();
    await (await crew?.catch(() => undefined))?.close();
    await underWay.close();
  }
}

/** Fewer than so many are done before it is known how many are best taken at a time. */
const FEW = 64;

function sizeOf({ batch: asked }: BatchOptions, items: readonly Item[]): number | undefined {
  return asked ?? (items.length < FEW ? 1 : undefined);
}

/** A path as the person would write it, or an address. */
export function placeIn(shelf: Shelf, name: string): string {
  const path = shelf.pathOf(name);
  return isAddress(path) ? path : toPerson(path);
}

/** Counts what became of pictures, and tells of those that failed, a line each. */
export class Tally {
  failed = 0;
  others = 0;
  #isStopped = false;

  constructor(private readonly progress: PictureProgress) {}

  readonly note = ({ how, failure }: Done): void => {
    this.progress.advance(how === 'explained' || how === 'failed');
    if (how === 'others') this.others++;
    if (how !== 'failed') return;
    this.failed++;
    complain(failure!);
  };

  stop(): void {
    if (!this.#isStopped) this.progress.stop();
    this.#isStopped = true;
  }
}

function tellHeader({ model, device }: Planned, items: readonly Item[], parts: Parts): void {
  const { name, fallback, concluded } = model;
  tell(`model   ${name}${fallback ? `: ${inWords(fallback)}` : ''}`);
  if (fallback) tell(`        for DeiT-tiny, ${fallback.remedy}`);
  for (const phrase of concluded) tell(`        ${phrase}`);
  tell(`device  ${device}`);
  tell(`batch   ${items.length} pictures; ${parts.size} results are there already`);
  if (parts.damaged > 0) {
    tell(`        ${parts.damaged} files of results were damaged; what they held is done again`);
  }
}

function tellShard({ number, of }: NonNullable<BatchOptions['shard']>, { others }: Tally): void {
  tell(
    `shard ${number} of ${of} is done, ${others} pictures are the others'; when all are, the same command without --shard writes the table`,
  );
}
