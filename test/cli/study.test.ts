import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseStudy } from '../../src/cli/study/plan.js';
import { UsageError } from '../../src/index.js';
import { readPicture } from '../../src/node/index.js';
import { makeClassFolders } from '../support/class-folders.js';
import { RunningTraining } from '../support/training-folder.js';
import {
  environmentOfPerson,
  packageFolder,
  packageJson,
  refusalOf,
  vitrine,
  type Outcome,
} from './command.js';

const study = {
  name: 'tiny',
  training: {
    data: { set: 'pictures', testShare: 0.5 },
    model: { imageSize: 16, patchSize: 8, width: 8, depth: 1, heads: 2, hidden: 16, positions: 'sin-cos' },
    ...{ batch: 3, epochs: 30, learningRate: 0.003, checkpointEvery: 1 },
  },
  variations: [{ name: 'bare', of: 'parts', settings: { model: { residuals: false, norm: 'none' } } }],
  seeds: [4],
  pictures: 2,
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-study-'));
  await makeClassFolders(join(folder, 'pictures'), 8);
  await configure({});
});
afterAll(() => rm(folder, { recursive: true }));

function configure(changes: object): Promise<void> {
  return writeFile(join(folder, 'config.json'), JSON.stringify({ ...study, ...changes }));
}

const words = (out: string): string[] => [
  'study',
  '--config',
  'config.json',
  '--out',
  out,
  '--device',
  'native',
];
function run(out: string, ...more: readonly string[]): Promise<Outcome> {
  return vitrine([...words(out), ...more], { cwd: folder });
}
const read = (...path: readonly string[]): Promise<string> => readFile(join(folder, ...path), 'utf8');
const tables = (out: string): Promise<string[]> =>
  Promise.all(['study.csv', 'study.md', 'study.html'].map((name) => read(out, name)));

describe('vitrine study', () => {
  test('compares a training with its variations, in tables, a picture and a page', async () => {
    const { status, stdout, stderr } = await run('whole', '--processes', '2');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^study {3}tiny: 2 runs, 0 of them finished\n/);
    expect(stdout.match(/\ndone {4}(baseline|bare)\/4: accuracy \d+\.\d %, \d+ s\n/g)).not.toBeNull();
    const [csv, markdown, html] = await tables('whole');
    expect(csv.split('\n').map((line) => line.split(',').slice(0, 4).join())).toEqual([
      'variation,of,seeds,parameters',
      // 192 x 8 + 8 for patches, 8 for the class token, norms, attention, MLP and head.
      `baseline,baseline,1,${1544 + 8 + 48 + 288 + 280 + 27}`,
      `bare,parts,1,${1544 + 8 + 288 + 280 + 27}`,
      '',
    ]);
    const tested = JSON.parse(await read('whole', 'runs', 'bare', 'seed-4', 'test.json')) as {
      accuracy: number;
    };
    const cell = tested.accuracy.toFixed(3);
    expect(markdown).toMatch(new RegExp(`\n\\| bare \\| 2147 \\| \\d\\.\\d{3} \\| ${cell} \\|`));
    // Attention and saliency of two pictures, and the pictures themselves.
    expect(html.match(/<img src="data:image\/png;base64,/g)).toHaveLength(2 * 2 * 2 + 2);
    expect(html).toContain('alt="saliency of cat, bare"');
    const { width, height } = await readPicture(join(folder, 'whole', 'study.png'));
    expect(width).toBeGreaterThan(height);
    expect((await readdir(join(folder, 'whole'))).sort()).toEqual([
      'runs',
      'runs.csv',
      'study.csv',
      'study.html',
      'study.md',
      'study.png',
    ]);
  });

  test('goes on where it was killed, to the same table', async () => {
    const command = join(packageFolder, packageJson.bin.vitrine);
    const started = new RunningTraining(
      spawn(process.execPath, [command, ...words('killed')], {
        ...{ cwd: folder, env: environmentOfPerson() },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    const second = join(folder, 'killed', 'runs', 'bare', 'seed-4');
    await started.until(() => existsSync(join(second, 'checkpoint.json')));
    started.kill('SIGKILL');
    await started.ended;
    // Its run stops by itself, with a checkpoint.
    while (existsSync(join(second, 'training.lock'))) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(existsSync(join(second, 'run.json'))).toBe(false);
    const first = await read('killed', 'runs', 'baseline', 'seed-4', 'run.json');

    const { status, stdout } = await run('killed');
    expect(status).toBe(0);
    expect(stdout).toMatch(/2 runs, 1 of them finished\n/);
    expect(stdout).not.toMatch(/begins {2}baseline/);
    expect(await read('killed', 'runs', 'bare', 'seed-4', 'run.log')).toMatch(/\nresume {2}step \d+\n/);
    expect(await read('killed', 'runs', 'baseline', 'seed-4', 'run.json')).toBe(first);
    expect(await tables('killed')).toEqual(await tables('whole'));
  });

  test('makes the table again of what is finished, and runs nothing', async () => {
    await rm(join(folder, 'whole', 'runs', 'bare'), { recursive: true });
    const { status, stdout } = await run('whole', '--table');
    expect(status).toBe(0);
    expect(stdout).toMatch(/and as \.md, \.png and \.html: 0 to 1 of 1 seed\n$/);
    expect(await read('whole', 'study.csv')).not.toMatch(/bare/);
    expect(refusalOf(await run('none', '--table', '--only', 'bare/4'))).toMatch(
      /--table runs nothing, and --only/,
    );
  });

  test('says why a run has failed, and does the others', async () => {
    const settings = { learningRate: 1e30, clip: 0 };
    await configure({ variations: [{ name: 'wild', of: 'rate', settings }, ...study.variations] });
    const { status, stdout, stderr } = await run('whole');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^vitrine: wild\/4 has failed: The training diverged at step \d+: .*\.\n$/);
    expect(stdout).toMatch(/\ndone {4}bare\/4: /);
  });
});

describe('a study is refused in one sentence', () => {
  test.each([
    [{ seeds: [] }, /has a list for "seeds"; expected a list of at least one in brackets/],
    [{ seed: [1] }, /has a setting "seed", which is not known\.$/],
    [{ training: undefined }, /lacks "training"\.$/],
    [
      { variations: [{ name: 'deep', of: 'blocks', settings: { model: { deep: 3 } } }] },
      /config\.json", variation "deep" has a setting "model\.deep", which is not known\.$/,
    ],
    [
      { variations: [{ name: 'baseline', of: 'blocks', settings: {} }] },
      /has two variations called "baseline"; give each a name of its own\.$/,
    ],
    [{ training: { ...study.training, from: 'a' } }, /begins with another model, and what is studied/],
  ])('%j', (changes, message) => {
    const text = JSON.stringify({ ...study, ...changes });
    expect(() => parseStudy(text, 'config.json')).toThrow(UsageError);
    expect(() => parseStudy(text, 'config.json')).toThrow(message);
  });

  test.each([
    [
      { training: { ...study.training, data: { set: 'nowhere' } } },
      /There is no folder "nowhere" with pictures/,
    ],
    [{ training: { ...study.training, data: { set: 'scenes' } } }, /give "singles" of its "data"/],
  ])('before anything is done, with %j', async (changes, message) => {
    await configure(changes);
    expect(refusalOf(await run('none'))).toMatch(message);
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });

  test('if its finished runs were made otherwise, or there is no such run', async () => {
    await configure({ training: { ...study.training, batch: 4 } });
    expect(refusalOf(await run('whole'))).toMatch(
      /The run baseline\/4 in whole was made with another configuration; /,
    );
    expect(refusalOf(await run('whole', '--only', 'bare/5'))).toMatch(
      /--only does not know the run "bare\/5"; name a variation and a seed, such as baseline\/4 or bare\/4\.$/,
    );
    expect(refusalOf(await run('whole', '--processes', 'two'))).toMatch(
      /--processes is "two"; give a whole number/,
    );
    expect(refusalOf(await run('none', '--table'))).toMatch(/No run of the study is finished/);
  });
});
