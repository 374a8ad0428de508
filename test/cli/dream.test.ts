import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoModel } from '../../src/index.js';
import { readPicture } from '../../src/node/index.js';
import { vitrine } from './command.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-dream-'));
});
afterAll(() => rm(folder, { recursive: true }));

const always = ['dream', '--model', demoModel.name, '--device', 'native', '--threads', '1'];

test('a picture that excites a class, its sequence and what was asked for on the way', async () => {
  const args = [
    ...always,
    '--unit',
    'logit:dog',
    '--steps',
    '8',
    '--jitter',
    '4',
    '--every',
    '3',
    '--out',
    'out',
  ];
  const { status, stdout, stderr } = await vitrine(args, { cwd: folder });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('unit    logit:0 (dog)\n');
  expect(stdout.match(/step \d of 8: /g)).toHaveLength(8);
  const stem = `${demoModel.name}.activation-maximisation.steps-8.jitter-4.logit-0`;
  const files = ['json', 'png', 'sequence.png', 'step-3.png', 'step-6.png'].map((end) => `${stem}.${end}`);
  expect((await readdir(join(folder, 'out'))).sort()).toEqual(files);
  const document = JSON.parse(await readFile(join(folder, 'out', files[0]), 'utf8')) as {
    activation: number;
    activations: number[];
    file: string;
  };
  expect(document).toMatchObject({
    method: 'activation-maximisation',
    unit: 'logit:0',
    label: 'dog',
    options: { steps: 8, rate: 0.1, tv: 0.3, continuity: 0, jitter: 4, seed: 0 },
    model: { name: demoModel.name },
    file: join(folder, 'out', files[1]),
  });
  expect(document.activations).toHaveLength(8);
  expect(document.activation).toBeGreaterThan(document.activations[0]);
  const side = demoModel.config.imageSize;
  for (const file of [files[1], files[3]]) {
    expect(await readPicture(join(folder, 'out', file))).toMatchObject({ width: side, height: side });
  }
  // Made again it replaces its own, and is the same.
  const before = await readFile(join(folder, 'out', files[1]));
  const again = await vitrine([...args, '--json'], { cwd: folder });
  expect(again.status).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({ activation: document.activation });
  expect(await readFile(join(folder, 'out', files[1]))).toEqual(before);
});

test.each<[string[], string]>([
  [['--unit', 'cat'], 'There is no unit "cat"; give one such as logit:281'],
  [['--unit', 'logit:zebra'], 'No class is called "zebra": '],
  [['--unit', 'logit:16'], 'There is no logit:16; the last of these in this model is logit:15.'],
  [['--unit', 'blocks.6.q:0'], 'There is no blocks.6.q:0; this model has blocks 0 to 5.'],
  [
    ['--unit', 'blocks.0.head:9'],
    'There is no blocks.0.head:9; the last of these in this model is blocks.0.head:3.',
  ],
  [['--unit', 'logit:1', '--steps', 'many'], '--steps is "many"; give a whole number from 1 to 10000.'],
  [
    ['--unit', 'logit:1', '--jitter', '-1'],
    '--jitter is "-1"; give a whole number of pixels, from 0 to 1000.',
  ],
  [['--unit', 'logit:1', '--every', '0'], '--every is "0"; give a whole number of steps from 1 to 10000.'],
  [['--unit', ''], '--unit is empty, as from a shell variable that is not set; give a value.'],
  [[], 'required option \'--unit <unit>\' not specified; "vitrine dream --help" lists what there is.'],
])('%j is refused in one sentence, and leaves nothing', async (given, sentence) => {
  const { status, stdout, stderr } = await vitrine([...always, '--out', 'refused', ...given], {
    cwd: folder,
  });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr.startsWith(`vitrine: ${sentence}`)).toBe(true);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(await readdir(folder)).not.toContain('refused');
});
