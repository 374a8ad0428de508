import { utf8, type Cursor } from './cursor.js';
import type { Vocabulary } from './unpickle.js';
import { Dict, Inert, inWords, Name, type PickleValue } from './values.js';

export type Fail = (what: string) => never;

/** The state of the reading of a pickle. */
export interface Machine {
  readonly cursor: Cursor;
  readonly vocabulary: Vocabulary;
  readonly fail: Fail;
  readonly stack: PickleValue[];
  /** How long the stack was at each MARK that is still open. */
  readonly marks: number[];
  readonly memo: Map<number, PickleValue>;
  /** Members that were copied from one object to another: what else there is to do is as long as the file. */
  copied: number;
}

type Opcode = (machine: Machine) => void;

/** What a pickle may do, by its opcode. There is no other way to a name than GLOBAL and STACK_GLOBAL. */
export const opcodes: ReadonlyMap<number, Opcode> = new Map(
  Object.entries<Opcode>({
    '\x80': ({ cursor }) => void cursor.uint8(), // PROTO
    '\x95': ({ cursor }) => void cursor.uint64(), // FRAME
    '(': ({ marks, stack }) => void marks.push(stack.length), // MARK
    '0': (m) => void pop(m), // POP
    '1': (m) => void popMark(m), // POP_MARK
    '2': (m) => void m.stack.push(top(m)), // DUP

    N: push(() => null), // NONE
    '\x88': push(() => true), // NEWTRUE
    '\x89': push(() => false), // NEWFALSE
    J: push(({ cursor }) => cursor.int32()), // BININT
    K: push(({ cursor }) => cursor.uint8()), // BININT1
    M: push(({ cursor }) => cursor.uint16()), // BININT2
    '\x8a': push(({ cursor }) => integer(cursor.take(cursor.uint8()))), // LONG1
    '\x8b': push(({ cursor }) => integer(cursor.take(cursor.uint32()))), // LONG4
    G: push(({ cursor }) => cursor.float64()), // BINFLOAT
    '\x8c': push(({ cursor }) => utf8(cursor.take(cursor.uint8()))), // SHORT_BINUNICODE
    X: push(({ cursor }) => utf8(cursor.take(cursor.uint32()))), // BINUNICODE
    '\x8d': push(({ cursor }) => utf8(cursor.take(cursor.uint64()))), // BINUNICODE8
    U: push(({ cursor }) => utf8(cursor.take(cursor.uint8()))), // SHORT_BINSTRING, of Python 2
    T: push(({ cursor }) => utf8(cursor.take(cursor.uint32()))), // BINSTRING
    C: push(({ cursor }) => cursor.take(cursor.uint8())), // SHORT_BINBYTES
    B: push(({ cursor }) => cursor.take(cursor.uint32())), // BINBYTES
    '\x8e': push(({ cursor }) => cursor.take(cursor.uint64())), // BINBYTES8
    '\x96': push(({ cursor }) => cursor.take(cursor.uint64())), // BYTEARRAY8

    ')': push(() => []), // EMPTY_TUPLE
    '\x85': push((m) => popMany(m, 1)), // TUPLE1
    '\x86': push((m) => popMany(m, 2)), // TUPLE2
    '\x87': push((m) => popMany(m, 3)), // TUPLE3
    t: push(popMark), // TUPLE
    ']': push(() => []), // EMPTY_LIST
    l: push(popMark), // LIST
    a: (m) => {
      extend(m, popMany(m, 1));
    }, // APPEND
    e: (m) => {
      extend(m, popMark(m));
    }, // APPENDS
    '\x8f': push(() => []), // EMPTY_SET
    '\x90': (m) => {
      extend(m, popMark(m));
    }, // ADDITEMS
    '\x91': push(popMark), // FROZENSET
    '}': push(() => new Dict()), // EMPTY_DICT
    d: (m) => {
      const items = popMark(m);
      m.stack.push(new Dict());
      assign(m, items);
    }, // DICT
    s: (m) => {
      assign(m, popMany(m, 2));
    }, // SETITEM
    u: (m) => {
      assign(m, popMark(m));
    }, // SETITEMS

    q: (m) => void m.memo.set(m.cursor.uint8(), top(m)), // BINPUT
    r: (m) => void m.memo.set(m.cursor.uint32(), top(m)), // LONG_BINPUT
    '\x94': (m) => void m.memo.set(m.memo.size, top(m)), // MEMOIZE
    h: push((m) => recall(m, m.cursor.uint8())), // BINGET
    j: push((m) => recall(m, m.cursor.uint32())), // LONG_BINGET

    Q: push((m) => m.vocabulary.persistent(pop(m))), // BINPERSID
    c: push((m) => nameOf(m, m.cursor.line(), m.cursor.line())), // GLOBAL
    '\x93': push((m) => nameOf(m, ...popMany(m, 2))), // STACK_GLOBAL
    R: push((m) => call(m, ...popMany(m, 2))), // REDUCE
    '\x81': push((m) => call(m, ...popMany(m, 2))), // NEWOBJ
    b: (m) => {
      build(m, pop(m));
    }, // BUILD
  }).map(([character, opcode]) => [character.charCodeAt(0), opcode]),
);

function push(value: (machine: Machine) => PickleValue): Opcode {
  return (machine) => void machine.stack.push(value(machine));
}

function damaged({ fail }: Machine): never {
  return fail('is damaged: its pickle uses something that is not there');
}

/** How deep the stack may be emptied: what lies below the last MARK is not meant. */
function floor({ marks }: Machine): number {
  return marks.at(-1) ?? 0;
}

function top(machine: Machine): PickleValue {
  if (machine.stack.length <= floor(machine)) damaged(machine);
  return machine.stack.at(-1);
}

function pop(machine: Machine): PickleValue {
  const value = top(machine);
  machine.stack.pop();
  return value;
}

function popMany<Count extends number>(machine: Machine, count: Count): PickleValues<Count> {
  if (machine.stack.length - count < floor(machine)) damaged(machine);
  return machine.stack.splice(machine.stack.length - count) as PickleValues<Count>;
}

type PickleValues<Count extends number> = Count extends 2 ? [PickleValue, PickleValue] : PickleValue[];

function popMark(machine: Machine): PickleValue[] {
  const mark = machine.marks.pop();
  if (mark === undefined) return damaged(machine);
  return machine.stack.splice(mark);
}

/** Little-endian two's complement. */
function integer(bytes: Uint8Array): number | bigint {
  let value = 0n;
  // Longer ones are nothing that a checkpoint says with a number, and would take the square of their length.
  for (let i = Math.min(bytes.length, 32) - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
  const signed = BigInt.asIntN(8 * Math.min(bytes.length, 32), value);
  const number = Number(signed);
  return Number.isSafeInteger(number) ? number : signed;
}

function extend(machine: Machine, members: readonly PickleValue[]): void {
  const list = top(machine);
  if (Array.isArray(list)) for (const member of members) list.push(member);
  else damaged(machine);
}

function assign(machine: Machine, items: readonly PickleValue[]): void {
  const dict = top(machine);
  if (!(dict instanceof Dict) || items.length % 2 !== 0) return damaged(machine);
  for (let i = 0; i < items.length; i += 2) dict.items.set(items[i], items[i + 1]);
}

function recall(machine: Machine, index: number): PickleValue {
  if (!machine.memo.has(index)) damaged(machine);
  return machine.memo.get(index);
}

function nameOf(machine: Machine, module: PickleValue, name: PickleValue): Name {
  const { vocabulary, fail } = machine;
  const found = vocabulary.names.get(`${String(module)} ${String(name)}`);
  if (found) return found;
  const path = JSON.stringify(`${String(module)}.${String(name)}`);
  // The first thing of all is the class of what was saved.
  const isFirst = machine.stack.length === 0 && machine.marks.length === 0 && machine.memo.size === 0;
  return fail(
    isFirst && /^[A-Z]/.test(String(name))
      ? `holds a whole object of Python's, of class ${path}, as torch.save(model) writes it: nothing of it was run; ` +
          'save its tensors alone, with torch.save(model.state_dict(), PATH) or safetensors'
      : `asks for ${path} of Python's, and beside tensors only plain data are read: nothing of it was run; if you trust ` +
          'it, load it with PyTorch and save its tensors alone, with torch.save(model.state_dict(), PATH) or safetensors',
  );
}

/** In place of a call: what the name makes of its arguments. */
function call(machine: Machine, name: PickleValue, args: PickleValue): PickleValue {
  const { fail } = machine;
  if (!(name instanceof Name) || !Array.isArray(args)) return damaged(machine);
  machine.copied += args.reduce<number>((sum, arg) => sum + (Array.isArray(arg) ? arg.length : 0), 0);
  if (machine.copied > mostCopied)
    return fail('copies the same members again and again, as no checkpoint does');
  if (!name.make) return fail(`is damaged, or does what no checkpoint does: it calls ${name.path}`);
  return name.make(args);
}

const mostCopied = 50_000_000;

/** In place of setting attributes: they hold no tensors, such as the `_metadata` of a state_dict. */
function build(machine: Machine, state: PickleValue): void {
  const object = top(machine);
  if (object instanceof Dict || object instanceof Inert) return;
  machine.fail(
    `is damaged, or does what no checkpoint does: it changes ${inWords(object)} by ${inWords(state)}`,
  );
}
