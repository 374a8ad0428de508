import { readdir, stat } from 'node:fs/promises';
import { parse, sep } from 'node:path';

/** What stands in a text for bytes that are not UTF-8. */
const REPLACEMENT = '\uFFFD';

/** Whether bytes of a path may have been lost when it became a text. */
export function isLossy(path: string): boolean {
  return path.includes(REPLACEMENT);
}

/**
 * The files that an absolute path may stand for if bytes of it were lost, as they are when Node is given an argument or a current
 * directory that is not UTF-8. Where the text has replacements, each entry of the folder is asked whether it would read so.
 *
 * @returns paths in bytes: none, one or several
 */
export async function filesOfLossyPath(path: string): Promise<Buffer[]> {
  const { root } = parse(path);
  let found = [Buffer.from(root)];
  for (const [depth, part] of path.slice(root.length).split(sep).entries()) {
    const below = found.map(async (folder) => {
      const names = isLossy(part) ? await entriesThatRead(part, folder) : [Buffer.from(part)];
      return names.map((name) => Buffer.concat([folder, Buffer.from(depth === 0 ? '' : sep), name]));
    });
    found = (await Promise.all(below)).flat();
  }
  const there = await Promise.all(found.map(exists));
  return found.filter((_, position) => there[position]);
}

/** Whether the text of an absolute path leads to where it says, with nothing beside it that the text could mean as well. */
export async function isFaithful(path: string): Promise<boolean> {
  const end = path.indexOf(sep, path.lastIndexOf(REPLACEMENT));
  const doubtful = end === -1 ? path : path.slice(0, end);
  if (!isLossy(doubtful)) return true;
  const files = await filesOfLossyPath(doubtful);
  return files.length === 1 && files[0].equals(Buffer.from(doubtful));
}

async function entriesThatRead(text: string, folder: Buffer): Promise<Buffer[]> {
  const entries = await readdir(folder, { encoding: 'buffer' }).catch(() => []);
  return entries.filter((entry) => comparable(entry.toString()) === comparable(text));
}

/** Decoders differ in how many replacements they put for a sequence that breaks off. */
function comparable(text: string): string {
  return text.replace(/\uFFFD+/g, REPLACEMENT);
}

function exists(path: Buffer): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
