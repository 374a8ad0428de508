import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keptPlans, type PlanStore } from '../../compiler/kept-plans.js';
import type { Planner } from '../../compiler/plan.js';
import { atExit } from '../files/at-exit.js';
import { cachedFile } from '../files/own-cache.js';

/** The oldest are forgotten. */
const mostKept = 64;

/**
 * Plans in a folder, a file each, which begins with the digest of the rest. Nothing depends on them: what cannot be read or written,
 * or is not what was written, is done without.
 */
export class PlanFolder implements PlanStore {
  readonly #made = new Map<string, () => string | undefined>();

  /** @param maker by what the code that makes plans is known: none of another is taken */
  constructor(
    private readonly folder: string,
    private readonly maker: string,
  ) {}

  find(key: string): string | undefined {
    try {
      const text = readFileSync(this.#pathOf(key), 'utf8');
      const plan = text.slice(digestLength);
      return text.startsWith(digestOf(plan)) ? plan : undefined;
    } catch {
      return undefined;
    }
  }

  /** Written at the end of the process, when nobody waits for it any more. */
  keep(key: string, text: () => string | undefined): void {
    if (this.#made.size === 0) {
      const forget = atExit(() => {
        forget();
        this.write();
      });
    }
    this.#made.set(this.#pathOf(key), text);
  }

  /**
   * Writes what is to be kept. Other processes may read and write meanwhile, so a file is there as a whole or not at all.
   * @throws what the file system does
   */
  write(): void {
    mkdirSync(this.folder, { recursive: true });
    for (const [path, make] of this.#made) {
      this.#made.delete(path);
      const text = make();
      if (text === undefined) continue;
      const part = `${path}.${process.pid}`;
      try {
        writeFileSync(part, digestOf(text) + text);
        renameSync(part, path);
      } finally {
        rmSync(part, { force: true });
      }
    }
    this.#forgetOldest();
  }

  #pathOf(key: string): string {
    return join(this.folder, `${digestOf(`${this.maker}\n${key}`)}.plan`);
  }

  #forgetOldest(): void {
    const paths = readdirSync(this.folder).map((name) => join(this.folder, name));
    const aged = paths.map((path) => ({ path, written: statSync(path).mtimeMs }));
    aged.sort((a, b) => b.written - a.written);
    for (const { path } of aged.slice(mostKept)) rmSync(path, { force: true });
  }
}

/** Of `digestOf`. */
const digestLength = 64;

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Keeps plans in a folder of this user's, beside other files that spare work.
 * @returns the same planner where nobody has a home
 */
export function ownPlanner(maker: string, planner?: Planner): Planner | undefined {
  try {
    return keptPlans(new PlanFolder(cachedFile('plans'), maker), planner);
  } catch {
    return planner;
  }
}
