import { describe, expect, test } from '@jest/globals';
import { bytesSource, openTensors, shardNames, WeightsError, type ByteSource } from '../../src/index.js';
import { openSharded } from '../../src/models/checkpoint/sharded.js';
import { encodeSafetensors } from '../support/checkpoints.js';
import { messageOf } from '../support/messages.js';

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(text));
const indexOf = (map: unknown): Uint8Array<ArrayBuffer> => bytesOf(JSON.stringify({ weight_map: map }));

/** Files of one number for each name, and the names of those that were opened. */
function folder(files: Readonly<Record<string, Readonly<Record<string, number>>>>): {
  opened: string[];
  sibling: (name: string) => Promise<ByteSource>;
} {
  const opened: string[] = [];
  const sibling = (name: string): Promise<ByteSource> => {
    opened.push(name);
    const list = Object.entries(files[name]).map(([tensor, value]) => ({
      name: tensor,
      shape: [1],
      values: Float32Array.of(value),
    }));
    return Promise.resolve(bytesSource(name, new Uint8Array(encodeSafetensors(list))));
  };
  return { opened, sibling };
}

describe('the index of a checkpoint in several files', () => {
  const map = { c: '2-of-2', a: '1-of-2', b: '2-of-2' };

  test('opens each file once, in the order of their names, and has the tensors file by file', async () => {
    const { opened, sibling } = folder({ '1-of-2': { a: 1, beside: 9 }, '2-of-2': { b: 2, c: 3 } });
    const index = bytesSource('model.index.json', indexOf(map));
    const file = await openTensors(index, sibling);
    expect(opened).toEqual(['1-of-2', '2-of-2']);
    expect(file).toMatchObject({ source: 'model.index.json', format: 'safetensors', wrapping: [] });
    expect([...file.tensors.keys()]).toEqual(['a', 'c', 'b']);
    const values = await Promise.all([...file.tensors.values()].map((tensor) => tensor.read()));
    expect(values).toEqual([Float32Array.of(1), Float32Array.of(3), Float32Array.of(2)]);
  });

  test('names its files in order, each once', () => {
    expect(shardNames('index', indexOf(map))).toEqual(['1-of-2', '2-of-2']);
  });

  test('that names a tensor which is not in its file is refused', async () => {
    const { sibling } = folder({ '1-of-2': { a: 1 }, '2-of-2': { b: 2 } });
    expect(await messageOf(openTensors(bytesSource('index', indexOf(map)), sibling))).toBe(
      '"index" says that "c" is in "2-of-2", where it is not.',
    );
  });

  test('that is longer than any is refused without being read', async () => {
    const source = (size: number): ByteSource => ({
      name: 'index',
      size,
      read: () => Promise.resolve(bytesOf('{}')),
    });
    const opened = (size: number) => openSharded(source(size), folder({}).sibling, openTensors);
    expect(await messageOf(opened(67_108_865))).toBe(
      '"index" is 67108865 bytes of JSON, too many for the index of a checkpoint.',
    );
    expect(await messageOf(opened(67_108_864))).toContain('no "weight_map"');
  });

  const isNone = '"index" is neither a checkpoint nor the index of one: it begins like JSON, but is none.';
  const hasNone =
    '"index" is JSON, but not the index of a checkpoint: it has no "weight_map" of tensors and files.';
  const elsewhere = (names: string): string => `"index" names files that do not lie beside it: ${names}.`;
  test.each([
    ['{', isNone],
    ['null', hasNone],
    ['{}', hasNone],
    ['{"weight_map":null}', hasNone],
    ['{"weight_map":{}}', hasNone],
    ['{"weight_map":"file"}', hasNone],
    ['{"weight_map":{"a":"file","b":3}}', hasNone],
    ['{"weight_map":{"a":"../up"}}', elsewhere('"../up"')],
    ['{"weight_map":{"a":"/root"}}', elsewhere('"/root"')],
    ['{"weight_map":{"a":"C:file"}}', elsewhere('"C:file"')],
    ['{"weight_map":{"a":"down\\\\file"}}', elsewhere('"down\\\\file"')],
    ['{"weight_map":{"a":"nul\\u0000"}}', elsewhere('"nul\\u0000"')],
    ['{"weight_map":{"a":""}}', elsewhere('""')],
    ['{"weight_map":{"a":"..","b":"good","c":"."}}', elsewhere('".", ".."')],
  ])('%j is refused', (text, message) => {
    expect(() => shardNames('index', bytesOf(text))).toThrow(new WeightsError(message));
  });

  test('may have names with dots and spaces', () => {
    expect(shardNames('index', indexOf({ a: '...', b: '.hidden', c: 'a b..' }))).toEqual([
      '...',
      '.hidden',
      'a b..',
    ]);
  });
});
