import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { optionalPackage } from '../../src/batch/optional-package.js';
import { openQueue, queueAddress } from '../../src/batch/queue/driver.js';
import {
  environmentOfPerson,
  packageFolder,
  packageJson,
  refusalOf,
  vitrine,
  type Outcome,
} from '../cli/command.js';
import { writePictures } from '../support/many-pictures.js';
import {
  hasRedis,
  startingPostgres,
  startPostgres,
  startRedis,
  type QueueServer,
} from '../support/queue-servers.js';
import { generator, seed } from '../support/random.js';

/* Batches on real servers, with workers that are killed. */

const root = mkdtempSync(join(tmpdir(), 'vitrine-queue-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

const isFull = process.env['VITRINE_FULL'] === '1';
const [count, kills] = isFull ? [2000, 200] : [300, 3];
const pictures = join(root, 'pictures');
const what = [pictures, '--model', 'vit_scenes_patch8_72', '--method', 'rollout', '--device', 'native'];
let undisturbed: string;
const batch = (...args: string[]): Promise<Outcome> => vitrine(['batch', ...args], { cwd: root });

const refused: [args: string[], sentence: string][] = [
  [['submit', pictures], 'No queue was given'],
  [['work', '--queue', 'mysql://localhost/x'], '--queue is "mysql://localhost/x"; give redis://'],
  [
    ['status', '--queue', 'redis://127.0.0.1:9'],
    'The queue at redis://127.0.0.1:9 cannot be reached: the connection was refused.',
  ],
  [
    ['status', '--queue', 'postgres://a:secret@127.0.0.1:9/b'],
    'The queue at postgres://a:***@127.0.0.1:9/b cannot be reached: the connection was refused.',
  ],
  [['collect', '--out', 'nowhere'], 'There are no results of a batch in nowhere.'],
  [
    ['submit', pictures, '--queue', 'redis://127.0.0.1:9', '--threads', '2'],
    '--threads is for those who work',
  ],
];
let outcomes: Promise<Outcome[]>;

beforeAll(async () => {
  // Beside all else: one of them waits long for a server that might come.
  outcomes = Promise.all(refused.map(([args]) => batch(...args)));
  await writePictures(pictures, count, 20);
  await batch(...what, '--out', 'undisturbed', '--batch', '4');
  undisturbed = readFileSync(join(root, 'undisturbed', 'table.jsonl'), 'utf8');
}, 600_000);

const servers: readonly (readonly [name: string, start: (folder: string) => Promise<QueueServer>])[] = [
  ['PostgreSQL', startPostgres],
  ...(hasRedis() ? [['Redis', startRedis] as const] : []),
];
if (!hasRedis()) console.log('There is no redis-server here: queues are tested on PostgreSQL alone.');

describe.each(servers)(`a queue on %s (seed ${seed})`, (name, start) => {
  let server: QueueServer;
  const running = new Set<ChildProcess>();
  beforeAll(async () => {
    server = await start(root);
  }, 120_000);
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
  });
  afterAll(() => server.stop());

  /** A process that is told how it ended. */
  function begin(script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      env: { ...environmentOfPerson(), ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.add(child);
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    const ended = new Promise<{ status: number | null; output: string }>((resolve) =>
      child.on('close', (status) => {
        running.delete(child);
        resolve({ status, output });
      }),
    );
    return { child, ended, output: () => output };
  }
  const support = join(packageFolder, 'test', 'support');
  const worker = (env?: NodeJS.ProcessEnv) => begin(join(support, 'batch-worker.js'), [server.address], env);
  const submission = (out: string) => ['submit', ...what, '--out', out, '--queue', server.address];
  const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  async function collected(out: string): Promise<Outcome> {
    for (;;) {
      const outcome = await batch('collect', '--out', out);
      if (outcome.status !== 2) return outcome;
      await pause(1000);
    }
  }

  test(
    'comes to the same table, whoever is killed and though the server is restarted',
    async () => {
      const out = `killed-${name}`;
      const random = generator();
      // The submitter first: what it submits is submitted again.
      const bin = join(packageFolder, packageJson.bin.vitrine);
      for (let kill = 0; kill < kills / 10; kill++) {
        const submitter = begin(bin, ['batch', ...submission(out)]);
        await pause(500 + 3000 * random());
        submitter.child.kill('SIGKILL');
        await submitter.ended;
      }
      const submitted = await batch(...submission(out));
      expect(submitted).toMatchObject({ status: 0, stderr: '' });
      let workers = [worker(), worker()];
      for (let kill = 0; kill < kills; kill++) {
        await pause(1000 + 3000 * random());
        const [first, second] = workers;
        first.child.kill('SIGKILL');
        await first.ended;
        workers = [second, worker()];
        // The worker that begins meanwhile may not reach it, and is killed with the others.
        if (kill === 0) await server.restart();
      }
      const { status, stderr, stdout } = await collected(out);
      expect(stdout).toContain(`written: ${out}/table.jsonl`);
      expect(status).toBe(1);
      expect(stderr.match(/is damaged and cannot be decoded/g)).toHaveLength(count / 20);
      expect(readFileSync(join(root, out, 'table.jsonl'), 'utf8') === undisturbed).toBe(true);
      for (const { child, output } of workers) {
        // One that was begun last may not listen yet.
        while (!output().includes('ready')) await pause(50);
        child.kill('SIGTERM');
      }
      for (const { ended } of workers) {
        const { status: left, output } = await ended;
        expect(left).toBe(0);
        expect(output).toContain('left');
      }
    },
    isFull ? 7_200_000 : 400_000,
  );

  test('leaves at SIGTERM in the middle of a job, which goes on at once with another worker', async () => {
    const out = `left-${name}`;
    expect((await batch(...submission(out))).status).toBe(0);
    const first = worker();
    while (!first.output().includes('ready')) await pause(100);
    await pause(2500);
    first.child.kill('SIGTERM');
    expect((await first.ended).output).toContain('left');
    const work = await batch('work', '--queue', server.address, '--threads', '1', '--until-done');
    expect(work.stderr).not.toContain('reported');
    const { stdout } = await batch('status', '--queue', server.address);
    expect(stdout).toMatch(/jobs +0 waiting, 0 worked on, 0 to be tried again/);
    expect(stdout.match(/is damaged and cannot be decoded/g)!.length).toBeGreaterThanOrEqual(count / 20);
    expect((await batch('collect', '--out', out)).status).toBe(1);
    expect(readFileSync(join(root, out, 'table.jsonl'), 'utf8') === undisturbed).toBe(true);
    // What is done is not done again.
    expect((await batch(...submission(out))).stdout).toContain('of which 0 were added');
  }, 300_000);

  if (name === 'PostgreSQL') {
    test('is waited for while it starts', async () => {
      const starting = await startingPostgres(server, 2);
      const outcome = await batch('status', '--queue', starting.address);
      starting.stop();
      expect(outcome).toMatchObject({ status: 0, stderr: '' });
    });
  }

  test('a picture that is gone is tried again, then listed alone', async () => {
    const own = join(root, `gone-${name}`);
    await writePictures(own, 6);
    const args = [own, ...what.slice(1), '--out', `${own}-out`];
    expect((await batch('submit', ...args, '--queue', server.address)).status).toBe(0);
    rmSync(join(own, 'p00002.png'));
    writeFileSync(join(own, 'p00004.png'), 'another one');
    const queue = await openQueue(queueAddress(server.address));
    const ended = batch('work', '--queue', server.address, '--threads', '1', '--until-done');
    let work: Outcome | undefined;
    // What waits for a minute in all to be tried again is tried at once.
    while (!work) {
      await queue.promoteJobs();
      work = await Promise.race([ended, pause(100).then(() => undefined)]);
    }
    await queue.close();
    expect(work.stderr).toContain('2 pictures cannot be read, such as this: There is no file');
    const { stderr } = await batch('collect', '--out', `${own}-out`);
    expect(stderr).toMatch(/There is no file .*p00002\.png/);
    expect(stderr).toMatch(/p00004\.png was changed after it had been submitted/);
    expect(stderr).toContain('2 of 6 pictures could not be explained.');
    // It was not its own fault: back again, it is explained when the same is submitted once more.
    await writePictures(own, 6);
    expect((await batch('submit', ...args, '--queue', server.address)).stdout).toContain(
      'of which 1 were added',
    );
    await batch('work', '--queue', server.address, '--threads', '1', '--until-done');
    expect(await batch('collect', '--out', `${own}-out`)).toMatchObject({ status: 0, stderr: '' });
  }, 300_000);

  test('a picture that ends whoever reads it fails alone, and is tried again when it is submitted again', async () => {
    const own = join(root, `fatal-${name}`);
    await writePictures(own, 6);
    const fatal = await sharp(join(own, 'p00003.png')).resize(100, 90).jpeg().toBuffer();
    writeFileSync(join(own, 'fatal.jpg'), fatal);
    const submit = ['submit', own, ...what.slice(1), '--out', `${own}-out`, '--queue', server.address];
    expect((await batch(...submit)).status).toBe(0);
    const env = {
      NODE_OPTIONS: `--require ${join(support, 'fatal-decoder.cjs')}`,
      FATAL_BYTES: String(fatal.length),
    };
    expect(await worker(env).ended).toMatchObject({ status: null });
    const careful = worker(env);
    const { stderr } = await collected(`${own}-out`);
    expect(stderr).toMatch(
      /fatal\.jpg cannot be decoded: the process that worked on it was ended by SIGKILL\./,
    );
    expect(stderr).toContain('1 of 7 pictures could not be explained.');
    careful.child.kill('SIGTERM');
    expect((await careful.ended).status).toBe(0);
    expect((await batch(...submit)).stdout).toContain('7 pictures in 1 jobs, of which 1 were added');
    await batch('work', '--queue', server.address, '--threads', '1', '--until-done');
    expect(await batch('collect', '--out', `${own}-out`)).toMatchObject({ status: 0, stderr: '' });
  }, 300_000);
});

describe('refusals', () => {
  test.each(refused.map(([args, sentence], i) => [args, sentence, i] as const))(
    '%j',
    async (_args, sentence, i) => {
      expect(refusalOf((await outcomes)[i])).toContain(sentence);
    },
    60_000,
  );

  test('a missing package is one sentence with what to install', async () => {
    const missing = Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' });
    await expect(optionalPackage(() => Promise.reject(missing), ['bullmq', 'pg'], '--queue')).rejects.toThrow(
      '--queue takes the packages bullmq and pg, which vitrine does not bring: npm install bullmq pg.',
    );
  });
});
