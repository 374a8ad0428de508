/** Numbers at whose sides readers break. */
const edges = [
  0,
  1,
  2,
  7,
  8,
  127,
  128,
  255,
  256,
  32767,
  32768,
  65535,
  65536,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
];

type Random = () => number;
type Mutation = (bytes: Buffer, random: Random, others: readonly Buffer[]) => Buffer;

const below = (random: Random, end: number): number => Math.floor(random() * end);

/** A number of 1, 2, 4 or 8 bytes, in either order, put somewhere. */
function putNumber(bytes: Buffer, random: Random): Buffer {
  const size = [1, 2, 4, 8][below(random, 4)];
  if (bytes.length < size) return bytes;
  const at = below(random, bytes.length - size + 1);
  const value = edges[below(random, edges.length)];
  const number = Buffer.alloc(8);
  number.writeBigUInt64LE(BigInt(value));
  const own = number.subarray(0, size);
  bytes.set(random() < 0.5 ? own : own.reverse(), at);
  return bytes;
}

const mutations: readonly Mutation[] = [
  (bytes, random) => {
    if (bytes.length > 0) bytes[below(random, bytes.length)] ^= 1 << below(random, 8);
    return bytes;
  },
  (bytes, random) => {
    if (bytes.length > 0) bytes[below(random, bytes.length)] = below(random, 256);
    return bytes;
  },
  putNumber,
  putNumber,
  // Cut off, cut out, doubled, moved in from another one.
  (bytes, random) => bytes.subarray(0, below(random, bytes.length + 1)),
  (bytes, random) => {
    const from = below(random, bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + below(random, 16))]);
  },
  (bytes, random) => {
    const from = below(random, bytes.length + 1);
    const part = bytes.subarray(from, from + below(random, 64));
    return Buffer.concat([bytes.subarray(0, from), part, bytes.subarray(from)]);
  },
  (bytes, random, others) => {
    const other = others[below(random, others.length)];
    const from = below(random, other.length + 1);
    const part = other.subarray(from, from + below(random, 64));
    const at = below(random, bytes.length + 1);
    return Buffer.concat([
      bytes.subarray(0, at),
      part,
      bytes.subarray(at + (random() < 0.5 ? part.length : 0)),
    ]);
  },
  // A number in a text.
  (bytes, random) => {
    const text = bytes.toString('latin1');
    const found = [...text.matchAll(/-?\d+/g)];
    if (found.length === 0) return bytes;
    const { index, 0: digits } = found[below(random, found.length)];
    const value = String([...edges, -1, 1e300, 2 ** 53, 0.5][below(random, edges.length + 4)]);
    return Buffer.from(text.slice(0, index) + value + text.slice(index + digits.length), 'latin1');
  },
];

/** Most inputs that a reader has not been told of: one of the given, with a few things changed. */
export function mutated(seeds: readonly Buffer[], random: Random): Buffer {
  let bytes = Buffer.from(seeds[below(random, seeds.length)]);
  const changes = 1 + below(random, random() < 0.2 ? 16 : 4);
  for (let change = 0; change < changes; change++) {
    bytes = Buffer.from(mutations[below(random, mutations.length)](bytes, random, seeds));
  }
  return bytes;
}

/** JSON with a value of it replaced, left out or doubled: what is parsed before it is doubted. */
export function mutatedJson(seeds: readonly unknown[], random: Random): unknown {
  const root = { value: structuredClone(seeds[below(random, seeds.length)]) };
  const changes = 1 + below(random, 3);
  for (let change = 0; change < changes; change++) {
    const places = placesIn(root);
    if (places.length === 0) break; // all was left out
    const [parent, name] = places[below(random, places.length)];
    const [other, of] = places[below(random, places.length)];
    const values = [
      null,
      true,
      '',
      'a',
      [],
      {},
      -1,
      0.5,
      1e300,
      '__proto__',
      ...edges,
      structuredClone(other[of]),
    ];
    if (random() < 0.15) Reflect.deleteProperty(parent, name);
    else parent[random() < 0.1 ? '__proto__x' : name] = values[below(random, values.length)];
  }
  return root.value ?? null;
}

type Tree = Record<string, unknown>;

function placesIn(tree: Tree): [parent: Tree, name: string][] {
  return Object.keys(tree).flatMap((name): [Tree, string][] => {
    const below = tree[name];
    const own: [Tree, string] = [tree, name];
    return typeof below === 'object' && below !== null ? [own, ...placesIn(below as Tree)] : [own];
  });
}
