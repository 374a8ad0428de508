import { describe, expect, test } from '@jest/globals';
import { PickleEnds } from '../../src/models/checkpoint/pickle/cursor.js';
import { nameTable, plainNames } from '../../src/models/checkpoint/pickle/plain-names.js';
import { unpickle, type Unpickled } from '../../src/models/checkpoint/pickle/unpickle.js';
import { Dict, Inert, inWords, type PickleValue } from '../../src/models/checkpoint/pickle/values.js';

class Refused extends Error {}

const vocabulary = {
  names: nameTable([...plainNames, ['torch', 'float32', undefined]]),
  persistent: (id: PickleValue): PickleValue => ({ is: id }),
};

function read(bytes: Uint8Array<ArrayBuffer>, start = 0): Unpickled {
  return unpickle(bytes, start, vocabulary, (what) => {
    throw new Refused(what);
  });
}

const fromHex = (hex: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(hex, 'hex'));
const fromText = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, 'latin1'));

/** Dicts as lists of pairs, bytes as lists of numbers, and what is inert by its class. */
function plain(value: PickleValue): unknown {
  if (value instanceof Dict)
    return { dict: [...value.items].map(([key, item]) => [plain(key), plain(item)]) };
  if (value instanceof Inert) return { inert: value.type };
  if (value instanceof Uint8Array) return { bytes: [...value] };
  return Array.isArray(value) ? value.map(plain) : value;
}

describe("what Python's pickle.dumps writes", () => {
  const pair = { dict: [['a', 1]] };
  // The values in Python; the bytes are what CPython 3 made of them in the protocols 2, 4 and 5, where they differ.
  test.each<[string, string[], unknown]>([
    ['None', ['80024e2e'], null],
    ['True', ['8002882e'], true],
    ['False', ['8002892e'], false],
    ['0', ['80024b002e'], 0],
    ['255', ['80024bff2e'], 255],
    ['256', ['80024d00012e', '80049504000000000000004d00012e'], 256],
    ['65535', ['80024dffff2e'], 65535],
    ['65536', ['80024a000001002e'], 65536],
    ['-1', ['80024affffffff2e'], -1],
    ['-2**31', ['80024a000000802e'], -(2 ** 31)],
    ['2**31', ['80028a0500000080002e'], 2 ** 31],
    ['-2**31 - 1', ['80028a05ffffff7fff2e'], -(2 ** 31) - 1],
    ['2**53 - 1', ['80028a07ffffffffffff1f2e'], 2 ** 53 - 1],
    ['2**53', ['80028a07000000000000202e'], 2n ** 53n],
    ['-2**63', ['80028a0800000000000000802e'], -(2n ** 63n)],
    ['2**254', [`80028a20${'00'.repeat(31)}402e`], 2n ** 254n],
    ['2**256 + 7, of which 32 bytes are read', [`80028a2107${'00'.repeat(31)}012e`], 7],
    ['3.141592653589793', ['800247400921fb54442d182e'], Math.PI],
    ['-0.5', ['800247bfe00000000000002e'], -0.5],
    ['"é"', ['80025802000000c3a971002e', '80049506000000000000008c02c3a9942e'], 'é'],
    [
      'b"\\x00\\xff"',
      ['8004950600000000000000430200ff942e'],
      { bytes: [0, 255] },
    ],
    [
      'b"\\x00\\xff", which protocol 2 does not have',
      ['8002635f636f646563730a656e636f64650a7100580300000000c3bf710158060000006c6174696e3171028671035271042e'],
      { inert: 'bytes' },
    ],
    ['bytearray(b"ab")', ['8005950d000000000000009602000000000000006162942e'], { bytes: [97, 98] }],
    ['()', ['8002292e'], []],
    ['(1,)', ['80024b018571002e'], [1]],
    ['(1, 2)', ['80024b014b028671002e'], [1, 2]],
    ['(1, 2, 3)', ['80024b014b024b038771002e'], [1, 2, 3]],
    ['(1, 2, 3, 4)', ['8002284b014b024b034b047471002e'], [1, 2, 3, 4]],
    ['[]', ['80025d71002e', '80045d942e'], []],
    ['[1]', ['80025d71004b01612e'], [1]],
    ['[1, 2]', ['80025d7100284b014b02652e'], [1, 2]],
    ['{}', ['80027d71002e'], { dict: [] }],
    ['{"a": 1}', ['80027d710058010000006171014b01732e', '8004950a000000000000007d948c0161944b01732e'], pair],
    [
      '{"a": 1, 2: "b"}',
      [
        '80027d71002858010000006171014b014b025801000000627102752e',
        '80049511000000000000007d94288c0161944b014b028c016294752e',
      ],
      {
        dict: [
          ['a', 1],
          [2, 'b'],
        ],
      },
    ],
    [
      '{1}',
      ['8002635f5f6275696c74696e5f5f0a7365740a71005d71014b01618571025271032e', '80049507000000000000008f94284b01902e'],
      [1],
    ],
    ['frozenset([1])', ['8004950600000000000000284b0191942e'], [1]],
    [
      'OrderedDict(a=1)',
      [
        '800263636f6c6c656374696f6e730a4f726465726564446963740a71002952710158010000006171024b01732e',
        '80049529000000000000008c0b636f6c6c656374696f6e73948c0b4f726465726564446963749493942952948c0161944b01732e',
      ],
      pair,
    ],
    [
      'Counter("a")',
      ['800263636f6c6c656374696f6e730a436f756e7465720a71007d710158010000006171024b01738571035271042e'],
      { dict: [] },
    ],
    [
      '[s, s] where s = ["s"]',
      ['80025d7100285d71015801000000737102616801652e', '8004950e000000000000005d94285d948c017394616801652e'],
      [['s'], ['s']],
    ],
  ])('%s', (_python, written, expected) => {
    for (const hex of written) {
      const bytes = fromHex(hex);
      const { value, end } = read(bytes);
      expect(plain(value)).toEqual(expected);
      expect(end).toBe(bytes.length);
    }
  }); // prettier-ignore

  test('what is said once and named again is one and the same', () => {
    const [first, second] = read(fromHex('80025d7100285d71015801000000737102616801652e')).value as unknown[];
    expect(first).toBe(second);
  });

  test('is read from where it begins, and not further', () => {
    expect(read(fromHex('ffff80024b072eff'), 2)).toEqual({ value: 7, end: 7 });
  });
});

describe('instructions of older and of rarer pickles', () => {
  const long = 'x'.repeat(300);
  test.each<[string, string, unknown]>([
    ['text of Python 2, short', '\x80\x02U\x02ab.', 'ab'],
    ['text of Python 2', '\x80\x02T\x02\0\0\0ab.', 'ab'],
    ['text with a length of eight bytes', `\x80\x04\x8d\x2c\x01\0\0\0\0\0\0${long}.`, long],
    ['text with a byte-order mark keeps it', '\x80\x02X\x04\0\0\0\xef\xbb\xbfa.', '\ufeffa'],
    ['bytes', '\x80\x03B\x02\0\0\0ab.', { bytes: [97, 98] }],
    ['bytes with a length of eight bytes', '\x80\x04\x8e\x02\0\0\0\0\0\0\0ab.', { bytes: [97, 98] }],
    ['a whole number with a length of four bytes', '\x80\x02\x8b\x02\0\0\0\xfe\xff.', -2],
    ['a whole number of no bytes', '\x80\x02\x8a\0.', 0],
    ['a dict of what was marked', '\x80\x02(K\x01K\x02K\x03K\x04d.', { dict: [[1, 2], [3, 4]] }],
    ['a list of what was marked', '\x80\x02(K\x01K\x02l.', [1, 2]],
    ['what is taken away again', '\x80\x02K\x01K\x020.', 1],
    ['what was marked and is taken away again', '\x80\x02K\x01(K\x02K\x031.', 1],
    ['what is doubled', '\x80\x02K\x012\x86.', [1, 1]],
    ['what is remembered under a long number', '\x80\x02K\x05r\x2c\x01\0\0j\x2c\x01\0\0\x86.', [5, 5]],
    ['a mark within a mark', '\x80\x02(K\x01(K\x02tt.', [1, [2]]],
    ['what stands for something else', '\x80\x02K\x07Q.', { is: 7 }],
    ['an object without attributes', '\x80\x02cargparse\nNamespace\n)\x81.', { inert: 'argparse.Namespace' }],
    ['an object with attributes', '\x80\x02cargparse\nNamespace\n)\x81}b.', { inert: 'argparse.Namespace' }],
    ['a dict with attributes', '\x80\x02}}b.', { dict: [] }],
    ['a dict of pairs, and nothing of what is none', '\x80\x02cbuiltins\ndict\n](K\x01K\x02\x86K\x03\x85e\x85R.', { dict: [[1, 2]] }],
    ['a dict of nothing', '\x80\x02cbuiltins\ndict\n)R.', { dict: [] }],
    ['a dict of its kind and of pairs', '\x80\x02ccollections\ndefaultdict\nN]K\x01K\x02\x86a\x86R.', { dict: [[1, 2]] }],
    ['a set of nothing', '\x80\x02cbuiltins\nset\n)R.', []],
    ['a set of nothing, of Python 2', '\x80\x02c__builtin__\nset\n)R.', []],
  ])('%s', (_what, text, expected) => {
    expect(plain(read(fromText(text)).value)).toEqual(expected);
  }); // prettier-ignore
});

describe('a pickle that is none', () => {
  const uses = /^is damaged: its pickle uses something that is not there$/;
  const over = /^is damaged: its pickle leaves something over$/;
  test.each<[string, string, RegExp]>([
    ['takes from nothing', '0.', uses],
    ['takes from below a mark', 'K\x01(0.', uses],
    ['doubles what is below a mark', 'K\x01(2.', uses],
    ['makes a pair of one', 'K\x01\x86.', uses],
    ['makes a pair of what lies on both sides of a mark', 'K\x01(K\x02\x86.', uses],
    ['ends what was not begun', 'K\x01t.', uses],
    ['adds to what is no list', 'K\x01K\x02a.', uses],
    ['adds several to what is no list', 'K\x01(K\x02e.', uses],
    ['sets a key of what is no dict', ']K\x01K\x02s.', uses],
    ['has a key without a value', '}(K\x01u.', uses],
    ['names what was not remembered', 'h\x01.', uses],
    ['remembers nothing', 'q\0.', uses],
    ['calls what is no name', 'K\x01)R.', uses],
    ['calls with what are no arguments', 'cbuiltins\nset\nK\x01R.', uses],
    ['leaves nothing', '.', over],
    ['leaves two things', 'K\x01K\x02.', over],
    ['leaves a mark', 'K\x01(.', over],
    ['has an unknown instruction', 'K\x01\xff.', /^is damaged, or does what no checkpoint does: its pickle holds the instruction 0xff$/],
    ['changes a number', 'K\x01}b.', /^is damaged, or does what no checkpoint does: it changes 1 by a dict of 0$/],
    ['changes a list', ']K\x01ab.', uses],
    ['wants a class before all else', 'cmy.models\nNet\n.', /^holds a whole object of Python's, of class "my\.models\.Net", as torch\.save\(model\) writes it: nothing of it was run; save its tensors/],
    ['wants a function before all else', 'cos\nsystem\n.', /^asks for "os\.system" of Python's, and beside tensors only plain data are read: nothing of it was run; if you trust it, load it with PyTorch and save its tensors alone, with torch\.save\(model\.state_dict\(\), PATH\) or safetensors$/],
    ['wants a function with a capital letter inside', 'cos\nmakeDirs\n.', /^asks for "os\.makeDirs" of/],
    ['calls what may only be named', 'ctorch\nfloat32\n)R.', /^is damaged, or does what no checkpoint does: it calls torch\.float32$/],
    ['wants a class within something', '(cmy.models\nNet\n.', /^asks for "my\.models\.Net" of/],
    ['wants a class after something', 'K\x01cmy.models\nNet\n.', /^asks for "my\.models\.Net" of/],
    ['wants a class after something that is remembered', 'K\x01q\x000cmy.models\nNet\n.', /^asks for "my\.models\.Net" of/],
    ['wants a class with a small letter in its module', 'cModels\nnet\n.', /^asks for "Models\.net" of/],
  ])('%s', (_what, text, message) => {
    const refused = () => read(fromText(`\x80\x02${text}`));
    expect(refused).toThrow(Refused);
    expect(refused).toThrow(message);
  }); // prettier-ignore

  test('that copies the same members over and over is refused before they fill the memory', () => {
    // A list of 50 000, which is given away as often as it takes to come to 50 million.
    const given = (times: number): Uint8Array<ArrayBuffer> =>
      fromText(`\x80\x02](${'N'.repeat(50_000)}eq\0${'cbuiltins\nset\nh\0\x85R0'.repeat(times)}.`);
    expect(read(given(1000)).value).toHaveLength(50_000);
    expect(() => read(given(1001))).toThrow(
      /^copies the same members again and again, as no checkpoint does$/,
    );
  });

  test.each([
    '',
    '\x80',
    'K',
    'M\0',
    'J\0\0\0',
    'G\0\0\0\0\0\0\0',
    'X\x03\0\0\0ab',
    'c',
    'cbuiltins\nset',
    'K\x01',
  ])('%j ends before it is over', (text) => {
    expect(() => read(fromText(text))).toThrow(PickleEnds);
    expect(() => read(fromText(`${text}\n\n....`))).not.toThrow(PickleEnds);
  });
});

test.each<[PickleValue, string]>([
  [null, 'None'],
  [true, 'true'],
  [3, '3'],
  [2n ** 60n, '1152921504606847000'],
  ['a', '"a"'],
  ['x'.repeat(58), `"${'x'.repeat(58)}"`],
  ['x'.repeat(59), `"${'x'.repeat(58)}…`],
  [[1, 2], 'a list or tuple of 2'],
  [Uint8Array.of(1, 2, 3), '3 bytes'],
  [new Dict(), 'a dict of 0'],
  [new Inert('numpy.dtype'), 'an object of class numpy.dtype'],
  [vocabulary.names.get('builtins set'), 'the name builtins.set'],
  [{ key: '0' }, 'a tensor'],
])('%p in words: %s', (value, words) => {
  expect(inWords(value)).toBe(words);
});
