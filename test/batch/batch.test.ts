import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import sharp from 'sharp';
import { create } from 'tar';
import {
  environmentOfPerson,
  packageFolder,
  packageJson,
  refusalOf,
  run,
  vitrine,
  type Outcome,
} from '../cli/command.js';
import { writePictures } from '../support/many-pictures.js';
import { generator, seed } from '../support/random.js';
import { zipBytes } from '../support/zip-bytes.js';

/* The command from end to end, with the model that ships, on pictures that mean nothing. */

const root = mkdtempSync(join(tmpdir(), 'vitrine-batch-'));
const photos = join(root, 'photos');
let broken: string[];
/** Results of the first folder, as one process leaves them. */
let ofFirst: string;
beforeAll(async () => {
  await writePictures(join(photos, 'a'), 20);
  broken = await writePictures(join(photos, 'b'), 21, 20);
  // The same pictures once more, but for the broken one: their results are there already.
  cpSync(join(photos, 'a', 'p00003.png'), join(photos, 'again.png'));
  const first = mkdtempSync(join(root, 'first-'));
  expect((await vitrine(['batch', join(photos, 'a'), ...model, ...rollout], { cwd: first })).status).toBe(0);
  ofFirst = join(first, 'batch');
}, 60_000);
afterAll(() => {
  rmSync(root, { recursive: true });
});

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(root, 'person-'));
});

const model = ['--model', 'vit_scenes_patch8_72', '--device', 'native', '--threads', '1', '--batch', '4'];
const rollout = ['--method', 'rollout'];
const call = (...args: string[]): Promise<Outcome> => vitrine(['batch', ...args, ...model], { cwd });

interface Line {
  readonly picture: string;
  readonly class?: string;
  readonly key?: string;
  readonly error?: string;
  readonly predictions: readonly { readonly index: number; readonly label: string }[];
  readonly maps: readonly {
    readonly method: string;
    readonly class: number | null;
    readonly mean: number;
    readonly file?: string;
  }[];
  readonly array?: { readonly file: string; readonly row: number };
}
const table = (out = 'batch'): string => readFileSync(join(cwd, out, 'table.jsonl'), 'utf8');
const lines = (out?: string): readonly Line[] =>
  table(out)
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
const tableOfFirst = (): string => readFileSync(join(ofFirst, 'table.jsonl'), 'utf8');
const withoutNames = (all: readonly Line[]) => all.map((line) => ({ ...line, picture: undefined }));

describe('vitrine batch', () => {
  test('explains every picture of a folder in the order of names, and names each broken one once', async () => {
    const { status, stdout, stderr } = await call(photos, ...rollout);
    expect(status).toBe(1);
    const rows = lines();
    const namesIn = (of: string) =>
      readdirSync(join(photos, of))
        .sort()
        .map((name) => join(photos, of, name));
    expect(rows.map(({ picture }) => picture)).toEqual([
      ...namesIn('a'),
      join(photos, 'again.png'),
      ...namesIn('b'),
    ]);
    const failed = rows.filter(({ error }) => error !== undefined);
    expect(failed.map(({ picture }) => picture)).toEqual(broken.map((name) => join(photos, 'b', name)));
    expect(stderr.match(/is damaged and cannot be decoded/g)).toHaveLength(1);
    expect(stderr).toContain('1 of 42 pictures could not be explained.');
    expect(stdout).toContain('written: batch/table.jsonl');
    // One result for one picture, whatever it is called: both folders hold the same twenty.
    expect(new Set(rows.flatMap(({ key }) => key ?? [])).size).toBe(20);
    expect(withoutNames(rows.slice(0, 19))).toEqual(withoutNames(rows.slice(21, 40)));
    const first = table();
    const again = await call(photos, ...rollout);
    expect(again.status).toBe(1);
    expect(again.stderr.match(/is damaged and cannot be decoded/g)).toHaveLength(1);
    expect(again.stdout).toContain('21 results are there already');
    expect(table()).toBe(first);
  }, 120_000);

  test('takes patterns, lists and archives, in which the same pictures have the same results', async () => {
    const a = join(photos, 'a');
    const names = readdirSync(a).sort();
    // A file is explained once, whoever names it: the list has the same pictures from the other folder.
    const sound = readdirSync(join(photos, 'b'))
      .sort()
      .filter((name) => !broken.includes(name));
    writeFileSync(
      join(root, 'list.txt'),
      `# twenty\n${sound.map((name) => `photos/b/${name}`).join('\n')}\n`,
    );
    await create({ file: join(root, 'a.tar'), cwd: a, portable: true }, names);
    await create({ file: join(root, 'a.tgz'), cwd: a, gzip: true, portable: true }, names);
    const records = names.map((name, i) => ({
      name: `in/${name}`,
      data: readFileSync(join(a, name)),
      deflated: i % 2 === 0,
    }));
    writeFileSync(join(root, 'a.zip'), zipBytes(records));
    const given = {
      tar: join(root, 'a.tar'),
      tgz: join(root, 'a.tgz'),
      zip: join(root, 'a.zip'),
      pattern: join(a, '*'),
      list: `@${join(root, 'list.txt')}`,
    };
    // Pictures are known by their bytes: those of the first archive are explained, all others must be the same.
    expect((await call(...Object.values(given), ...rollout)).status).toBe(0);
    const rows = lines();
    const found = Object.fromEntries(
      Object.keys(given).map((name, i) => [name, rows.slice(20 * i, 20 * (i + 1))]),
    );
    const expected = tableOfFirst()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line);
    for (const of of Object.values(found)) expect(withoutNames(of)).toEqual(withoutNames(expected));
    expect(found['tar'][0].picture).toBe(`${join(root, 'a.tar')}/${names[0]}`);
    expect(found['zip'][1].picture).toBe(`${join(root, 'a.zip')}/in/${names[1]}`);
  }, 240_000);

  test('explains the class that a list names', async () => {
    writeFileSync(
      join(root, 'list.csv'),
      'File,Class,else\nphotos/a/p00000.png,dog,1\n"photos/a/p00001.png",3,2\nphotos/a/p00002.png,no such thing,\nphotos/a/p00004.png,,\n',
    );
    const { status, stderr } = await call(join(root, 'list.csv'), '--method', 'gradient-rollout');
    expect(status).toBe(1);
    expect(stderr).toContain('no such thing');
    const rows = lines();
    expect(rows.map((row) => row.class)).toEqual(['dog', '3', 'no such thing', undefined]);
    expect(rows.map((row) => (row.error === undefined ? row.maps[0].class : 'none'))).toEqual([
      0,
      3,
      'none',
      rows[3].predictions[0].index,
    ]);
  }, 60_000);

  test('writes the same as Parquet, arrays and pictures', async () => {
    expect((await call(join(photos, 'b'), '--write', 'png,parquet,npy,json')).status).toBe(1);
    const rows = lines();
    const bytes = readFileSync(join(cwd, 'batch', 'table.parquet'));
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    const columns = await parquetReadObjects({ file });
    expect(columns).toHaveLength(21);
    for (const [i, row] of rows.entries()) {
      expect(columns[i]['picture']).toBe(row.picture);
      expect(columns[i]['error']).toBe(row.error ?? null);
      if (row.error !== undefined) continue;
      expect(columns[i]).toMatchObject({
        key: row.key,
        class_1: row.predictions[0].index,
        label_2: row.predictions[1].label,
        rollout_mean: row.maps[0].mean,
        recommended_class: row.maps[1].class,
        rollout_file: row.maps[0].file,
      });
      expect(existsSync(join(cwd, 'batch', row.maps[1].file!))).toBe(true);
    }
    const array = readFileSync(join(cwd, 'batch', 'maps', '00000.npy'));
    expect(array.toString('latin1', 10, 100)).toContain("'shape': (20, 2, 9, 9)");
    const numbers = new Float32Array(new Uint8Array(array.subarray(array.length - 4 * 20 * 2 * 81)).buffer);
    const last = rows.at(-1)!;
    expect(last.array).toEqual({ file: 'maps/00000.npy', row: 19 });
    const own = numbers.subarray(19 * 2 * 81, 19 * 2 * 81 + 81);
    expect(own.reduce((sum, value) => sum + value, 0) / 81).toBeCloseTo(last.maps[0].mean, 12);
  }, 60_000);

  test('shares pictures among processes, and takes the table of all without a device', async () => {
    const counts: number[] = [];
    for (const shard of ['1/2', '2/2']) {
      const { status, stdout } = await call(join(photos, 'a'), '--shard', shard, ...rollout);
      expect(status).toBe(0);
      counts.push(20 - Number(/done, (\d+) pictures/.exec(stdout)![1]));
      expect(existsSync(join(cwd, 'batch', 'table.jsonl'))).toBe(false);
    }
    expect(counts.reduce((a, b) => a + b)).toBe(20);
    expect(Math.min(...counts)).toBeGreaterThan(0);
    const { stdout } = await call(join(photos, 'a'), ...rollout);
    expect(stdout).toContain('20 results are there already');
    expect(table()).toBe(tableOfFirst());
  }, 120_000);

  test('does again what a damaged file held', async () => {
    cpSync(ofFirst, join(cwd, 'batch'), { recursive: true });
    const parts = join(cwd, 'batch', 'parts');
    const [name] = readdirSync(parts);
    truncateSync(join(parts, name), 700);
    writeFileSync(join(parts, '.vitrine-left-over'), '');
    const { stdout } = await call(join(photos, 'a'), ...rollout);
    expect(stdout).toContain('1 files of results were damaged');
    expect(table()).toBe(tableOfFirst());
    expect(readdirSync(parts).filter((each) => each.endsWith('.jsonl'))).toHaveLength(1);
  }, 60_000);
});

describe(`stopped anywhere (seed ${seed})`, () => {
  const isFull = process.env['VITRINE_FULL'] === '1';
  const [count, kills] = isFull ? [2000, 200] : [120, 3];
  const many = join(root, 'many');
  let undisturbed: string;
  const args = ['batch', many, ...model, ...rollout];
  beforeAll(async () => {
    await writePictures(many, count, 20);
    const out = mkdtempSync(join(root, 'undisturbed-'));
    const outcome = await vitrine(args, { cwd: out });
    expect(outcome.status).toBe(1);
    undisturbed = readFileSync(join(out, 'batch', 'table.jsonl'), 'utf8');
  }, 600_000);

  /** @param signals of each process, one after the other; the last one is left alone */
  async function afterKills(
    signal: NodeJS.Signals,
    times: number,
    env: NodeJS.ProcessEnv = {},
  ): Promise<void> {
    const random = generator();
    for (let kill = 0; kill < times; kill++) {
      const child = spawn(process.execPath, [join(packageFolder, packageJson.bin.vitrine), ...args], {
        cwd,
        env: { ...environmentOfPerson(), ...env },
        stdio: 'ignore',
      });
      const ended = new Promise((resolve) => child.on('close', resolve));
      const timer = setTimeout(() => child.kill(signal), 300 + Math.min(3500, 10 * count) * random());
      await ended;
      clearTimeout(timer);
    }
    const { status, stderr } = await vitrine(args, { cwd, env });
    expect(status).toBe(1);
    expect(stderr.match(/is damaged and cannot be decoded/g)).toHaveLength(Math.floor(count / 20));
    expect(table() === undisturbed).toBe(true);
  }

  test('by kill -9, again and again', () => afterKills('SIGKILL', kills), isFull ? 7_200_000 : 300_000);

  test('by a person', () => afterKills('SIGINT', 1), 300_000);

  test('while the clock jumps', () => {
    const clock = join(root, 'clock.cjs');
    writeFileSync(
      clock,
      'const now = Date.now; let jump = 0; setInterval(() => { jump = (Math.random() - 0.5) * 1e11; }, 20).unref(); Date.now = () => now() + jump;',
    );
    return afterKills('SIGKILL', 1, { NODE_OPTIONS: `--require ${clock}` });
  }, 300_000);

  test('by a full disk', async () => {
    // Files may have so many kilobytes: what is written is cut off by the system.
    const limited = [
      '-c',
      'ulimit -f 64 && exec "$0" "$@"',
      process.execPath,
      join(packageFolder, packageJson.bin.vitrine),
      ...args,
    ];
    const { status, stderr } = await run('bash', limited, { cwd });
    expect(status).toBe(2);
    expect(stderr).toMatch(/Cannot write .*: it would be larger than a file may be here/);
    expect(readdirSync(join(cwd, 'batch', 'parts'))).toEqual([]);
    await afterKills('SIGKILL', 0);
  }, 300_000);

  const canMount = (() => {
    try {
      execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', root], {
        stdio: 'ignore',
      });
      return true;
    } catch {
      return false;
    }
  })();
  const onDisks = canMount ? test : test.skip;
  /** Results on a small disk of its own, which something happens to meanwhile; what is left there is gone on with. */
  async function onDisk(size: string, meanwhile: (disk: string) => string): Promise<string> {
    const disk = mkdtempSync(join(root, 'disk-'));
    const command = `mount -t tmpfs -o size=${size} tmpfs ${disk} || exit 9
      ${meanwhile(disk)} &
      "$0" "$@"; status=$?; cp -r ${disk}/. ${cwd}/batch; exit $status`;
    const program = [process.execPath, join(packageFolder, packageJson.bin.vitrine), ...args, '--out', disk];
    mkdirSync(join(cwd, 'batch'));
    const { status, stderr } = await run('unshare', ['-m', 'bash', '-c', command, ...program], { cwd });
    expect(status).toBe(2);
    await afterKills('SIGKILL', 0);
    return stderr;
  }

  onDisks(
    'by a disk that is really full',
    async () => {
      expect(await onDisk('64k', () => 'true')).toContain('the disk is full');
    },
    300_000,
  );

  onDisks(
    'by a disk that turns read-only',
    async () => {
      const turn = (disk: string): string =>
        `until [ -e ${disk}/batch.json ] && mount -o remount,ro ${disk}; do sleep 0.02; done 2>/dev/null`;
      expect(await onDisk('64m', turn)).toMatch(/Cannot write .*: the disk is read-only/);
    },
    300_000,
  );
});

describe('a picture at which its decoder comes to no good end', () => {
  const bin = join(packageFolder, packageJson.bin.vitrine);
  const decoder = `--require ${join(packageFolder, 'test', 'support', 'fatal-decoder.cjs')}`;
  let [folder, size] = ['', ''];
  beforeAll(async () => {
    folder = join(root, 'bad');
    cpSync(join(photos, 'a'), folder, { recursive: true });
    const bad = await sharp(join(folder, 'p00003.png')).resize(100, 90).jpeg().toBuffer();
    writeFileSync(join(folder, 'p00003.jpg'), bad);
    size = String(bad.length);
  });
  /**
   * How it ended: a status or a signal.
   * @param meanwhile is told of it each moment
   */
  const ended = async (env: NodeJS.ProcessEnv, meanwhile?: (child: ChildProcess) => void) => {
    const child = spawn(process.execPath, [bin, 'batch', folder, ...model, ...rollout], {
      cwd,
      env: { ...environmentOfPerson(), NODE_OPTIONS: decoder, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const moments = setInterval(() => meanwhile?.(child), 300);
    const how = await new Promise((resolve) =>
      child.on('close', (status, signal) => {
        resolve(status ?? signal);
      }),
    ).finally(() => {
      clearInterval(moments);
    });
    return { how, stderr };
  };
  /** All others are done, and it too once it can be. */
  const mended = async () => {
    expect(await ended({})).toEqual({ how: 0, stderr: '' });
    expect(lines().filter(({ picture }) => picture.endsWith('png'))).toHaveLength(20);
    expect(lines().every(({ error }) => error === undefined)).toBe(true);
    expect(readdirSync(join(cwd, 'batch')).sort()).toEqual(['batch.json', 'parts', 'table.jsonl']);
  };

  test('and ends the process: the next one goes on without it, and each tries it again', async () => {
    const env = { FATAL_BYTES: size };
    expect(await ended(env)).toEqual({ how: 'SIGKILL', stderr: '' });
    for (const time of ['first', 'second']) {
      const { how, stderr } = await ended(env);
      expect([time, how]).toEqual([time, 1]);
      expect(stderr).toMatch(
        /p00003\.jpg cannot be decoded: the process that worked on it was ended by SIGKILL\./,
      );
      expect(stderr).toContain('1 of 21 pictures could not be explained.');
    }
    await mended();
  }, 120_000);

  test('and cannot be stopped: all others are done, and the process ends', async () => {
    const pipe = join(cwd, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const env = { STUCK_BYTES: size, STUCK_AT: pipe, SHORT: '1500' };
    const reason = /p00003\.jpg cannot be decoded: it did not come to an end within 120 seconds\./;
    const first = await ended(env);
    expect(first.how).toBe('SIGKILL');
    expect(first.stderr).toMatch(reason);
    expect(first.stderr).toMatch(/a decoder does not come to its end, and so this process is killed/);
    expect(lines().filter(({ error }) => error === undefined)).toHaveLength(20);
    // From now on it is in a process of its own, which can be ended.
    const second = await ended(env);
    expect(second.how).toBe(1);
    expect(second.stderr).toMatch(reason);
    await mended();
  }, 120_000);

  test('and cannot be stopped: a person need not wait for it', async () => {
    const pipe = join(cwd, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const { how } = await ended({ STUCK_BYTES: size, STUCK_AT: pipe }, (child) => {
      if (existsSync(join(cwd, 'batch', 'under-way'))) child.kill('SIGINT');
    });
    expect(how).toBe('SIGINT');
    await mended();
  }, 120_000);

  test('and finds no memory: it is tried again another time', async () => {
    const { how, stderr } = await ended({ NO_MEMORY_BYTES: size });
    expect(how).toBe(1);
    expect(stderr).toMatch(/p00003\.jpg takes more memory than there is: let it have more/);
    await mended();
  }, 120_000);
});

describe('refusals', () => {
  const refused = async (...args: string[]): Promise<string> => refusalOf(await call(...args));

  test.each([
    [[], 'No pictures were given'],
    [['nowhere'], 'There is no nowhere; give files, folders'],
    [['*.jpg'], 'There is no picture in *.jpg.'],
    [[photos, '--write', 'tiff'], '--write does not know "tiff"; choose from: json, parquet, npy, png.'],
    [[photos, '--shard', '9/8'], '--shard is "9/8"; give its number'],
    [[photos, '--method', 'logit-lens'], 'logit-lens gives several maps to look at'],
    [[photos, '--colormap', 'jet'], '--colormap is for pictures'],
    [[join(root, 'broken.tar')], 'is damaged or cut off'],
    [[join(root, 'broken.zip')], 'The archive '],
    [[join(root, 'broken.csv')], 'has no column of paths'],
    [['s3://'], 'names no bucket'],
  ])('%j', async (args, sentence) => {
    for (const ending of ['tar', 'zip', 'csv'])
      writeFileSync(join(root, `broken.${ending}`), 'a,b\n'.repeat(300));
    expect(await refused(...args)).toContain(sentence);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('results of another batch, and tables of others', async () => {
    cpSync(ofFirst, join(cwd, 'batch'), { recursive: true });
    expect(await refused(join(photos, 'a'), '--method', 'attention-gradcam')).toContain(
      'holds results with another choice of methods or their options',
    );
    expect((await call(join(photos, 'a'), '--method', 'attention-gradcam', '--force')).status).toBe(0);
    expect(lines()[0].maps[0].method).toBe('attention-gradcam');
    mkdirSync(join(cwd, 'theirs'));
    writeFileSync(join(cwd, 'theirs', 'table.jsonl'), 'mine');
    expect(await refused(join(photos, 'a'), '--out', 'theirs')).toContain('The table would replace');
  }, 60_000);

  test('a folder that may not be written to', async () => {
    const closed = join(cwd, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o555);
    // Root may write everywhere: the command is run by nobody.
    const isRoot = process.getuid?.() === 0;
    chmodSync(root, 0o755);
    chmodSync(cwd, 0o755);
    const bin = join(packageFolder, packageJson.bin.vitrine);
    const args = [bin, 'batch', join(photos, 'a'), '--out', closed, ...model];
    const outcome = isRoot
      ? await run('setpriv', ['--reuid=65534', '--clear-groups', process.execPath, ...args], { cwd })
      : await run(process.execPath, args, { cwd });
    expect(refusalOf(outcome)).toContain('access is not permitted');
    expect(readdirSync(closed)).toEqual([]);
  });
});
