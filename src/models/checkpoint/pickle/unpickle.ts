import { Cursor } from './cursor.js';
import { opcodes, type Fail, type Machine } from './opcodes.js';
import type { Name, PickleValue } from './values.js';

/** What a kind of pickle may contain beside plain data. */
export interface Vocabulary {
  /** Names that it may speak of, by module, a space and name; every other is refused. */
  readonly names: ReadonlyMap<string, Name>;
  /** What a persistent id stands for. */
  readonly persistent: (id: PickleValue) => PickleValue;
}

export interface Unpickled {
  readonly value: PickleValue;
  /** Where the next byte after the pickle is. */
  readonly end: number;
}

/**
 * Reads a pickle as data. Nothing in it is executed or looked up anywhere but in the vocabulary: a pickle is a program
 * that builds objects, and of its instructions only those are carried out that build data.
 * @param start where in the bytes it begins
 * @param fail is given what is wrong, in the middle of a sentence
 * @throws PickleEnds if the bytes end before it does
 * @see https://github.com/python/cpython/blob/3.12/Lib/pickletools.py
 */
export function unpickle(
  bytes: Uint8Array<ArrayBuffer>,
  start: number,
  vocabulary: Vocabulary,
  fail: Fail,
): Unpickled {
  const cursor = new Cursor(bytes, start);
  const machine: Machine = { cursor, vocabulary, fail, stack: [], marks: [], memo: new Map(), copied: 0 };
  for (;;) {
    const code = cursor.uint8();
    if (code === stop) break;
    const opcode = opcodes.get(code);
    if (!opcode)
      fail(
        `is damaged, or does what no checkpoint does: its pickle holds the instruction 0x${code.toString(16)}`,
      );
    opcode(machine);
  }
  if (machine.stack.length !== 1 || machine.marks.length > 0)
    fail('is damaged: its pickle leaves something over');
  return { value: machine.stack[0], end: cursor.position };
}

const stop = '.'.charCodeAt(0);
