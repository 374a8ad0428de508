import { createHash } from 'node:crypto';

/*
 * Disks take 255 bytes for a name.
 */

/** Of names that a person gave, if one is in the name of a result: models, methods and options need up to some hundred bytes. */
const LONGEST_GIVEN = 140;

/** As many of its letters as take so many bytes. */
export function shortened(name: string, longest = LONGEST_GIVEN): string {
  if (Buffer.byteLength(name) <= longest) return name;
  // What is left of a character that was cut through is nothing.
  return Buffer.from(name)
    .subarray(0, longest)
    .toString()
    .replace(/\uFFFD+$/, '');
}

/** Longer lists are cut. */
const LONGEST_LIST = 60;

/** Of plain letters, cut so that no two lists get one name. */
export function digested(list: string): string {
  if (list.length <= LONGEST_LIST) return list;
  const digest = createHash('sha256').update(list).digest('hex').slice(0, 8);
  return `${list.slice(0, LONGEST_LIST - 9)}-${digest}`;
}
