import { Dict, Inert, Name, type Constructor } from './values.js';

/** A dict of nothing, or of a list of pairs. What a relative of dict has beside them is not needed. */
const makeDict: Constructor = (args) => {
  const dict = new Dict();
  const pairs = args.at(-1);
  if (Array.isArray(pairs)) {
    for (const pair of pairs) if (Array.isArray(pair) && pair.length === 2) dict.items.set(pair[0], pair[1]);
  }
  return dict;
};

/**
 * The names of Python and NumPy that stand in checkpoints of trainings, beside the tensors, and hold nothing that is needed
 * of them. Compared as a whole: a name with a dot in it would lead to any other.
 */
export const plainNames: readonly (readonly [module: string, name: string, make: Constructor | undefined])[] =
  [
    ['collections', 'OrderedDict', makeDict],
    ['collections', 'defaultdict', makeDict],
    ['collections', 'Counter', () => new Dict()],
    ['builtins', 'dict', makeDict],
    ['__builtin__', 'dict', makeDict],
    ['builtins', 'set', ([members = []]) => members],
    ['__builtin__', 'set', ([members = []]) => members],
    ['argparse', 'Namespace', inert('argparse.Namespace')],
    ['numpy.core.multiarray', 'scalar', inert('a number of NumPy')],
    ['numpy._core.multiarray', 'scalar', inert('a number of NumPy')],
    ['numpy', 'dtype', inert('numpy.dtype')],
    ['_codecs', 'encode', inert('bytes')],
  ];

function inert(type: string): Constructor {
  return () => new Inert(type);
}

/** For a vocabulary. */
export function nameTable(
  rows: readonly (readonly [module: string, name: string, make: Constructor | undefined])[],
): ReadonlyMap<string, Name> {
  return new Map(
    rows.map(([module, name, make]) => [`${module} ${name}`, new Name(`${module}.${name}`, make)]),
  );
}
