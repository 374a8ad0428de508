import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelOfFolder } from '../../src/node/models/located.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-located-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe("the configuration in a model's folder", () => {
  test.each([
    [
      '{"architecture": "x",}',
      'config.json is no JSON: in line 1, column 22, there should be a name in double',
    ],
    ['{"architecture": ', 'config.json is no JSON: it ends too early; fetch it again.'],
    // With a byte-order mark it is JSON, of a model that is not known.
    ['\ufeff{"architecture": "nothing"}', '"nothing"'],
  ])('%j is told what it is', async (text, message) => {
    await writeFile(join(folder, 'config.json'), text);
    await expect(modelOfFolder(folder)).rejects.toThrow(message);
  });
});
