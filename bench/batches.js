// What batches cost beside explaining one picture after the other; on the built package.
//
//   node bench/batches.js MODEL-OR-WEIGHTS [PICTURES]       processor time and memory; PyTorch beside it, if there is one
//   node bench/batches.js queue ADDRESS                     what a queue takes for each picture, at jobs of 256
//   node bench/batches.js workers ADDRESS MODEL-OR-WEIGHTS [PICTURES]     one worker of one thread, then two, with so many for each
import { spawn, spawnSync } from 'node:child_process';
import { Buffer } from 'node:buffer';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { performance } from 'node:perf_hooks';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { chooseMethods, Explainer, gradientRollout } from '../dist/index.js';
import { loadModel, openBackend, readPicture } from '../dist/node/index.js';

const [kind, ...given] = process.argv.slice(2);
const root = mkdtempSync(join(tmpdir(), 'vitrine-bench-'));
try {
  if (kind === 'queue') await queue(given[0]);
  else if (kind === 'workers') await workers(given[0], modelAsked(given[1]), Number(given[2] ?? 256));
  else await batches(kind, Number(given[0] ?? 200));
} finally {
  rmSync(root, { recursive: true });
}

/** JPEGs of 640 x 427 pixels, each another one. */
async function pictures(folder, count) {
  mkdirSync(folder);
  const [width, height] = [640, 427];
  const base = await sharp('examples/chelsea.png')
    .resize(width, height, { fit: 'fill' })
    .removeAlpha()
    .raw()
    .toBuffer();
  for (let i = 0; i < count; i++) {
    const own = Buffer.from(base);
    for (let k = 0; k < 100; k++) own[(i * 7919 + k * 104729) % own.length] = (i + k) & 255;
    await sharp(own, { raw: { width, height, channels: 3 } })
      .jpeg()
      .toFile(join(folder, `${i}.jpg`));
  }
}

async function batches(model, count) {
  const folder = join(root, 'pictures');
  await pictures(folder, count);
  const asked = modelAsked(model);
  const loaded = await loadModel(asked);
  const { backend } = await openBackend('native', { threads: 1 });
  const methods = chooseMethods([gradientRollout], {}, loaded.model.config);
  const explainer = await Explainer.create(loaded, backend, { methods });
  const paths = readdirSync(folder)
    .slice(0, 40)
    .map((name) => join(folder, name));
  sharp.concurrency(1);
  const one = async (path) =>
    explainer.explain([explainer.makeReady(await readPicture(path))], [[{ kind: 'rank', rank: 0 }]]);
  for (const path of paths.slice(0, 5)) await one(path);
  const before = process.cpuUsage();
  for (const path of paths) await one(path);
  const alone = millisecondsSince(before) / paths.length;
  backend.destroy();
  console.log(`one over: ${alone.toFixed(1)} ms of the processor a picture`);
  const few = run(folder, asked, 'few', Math.min(100, count));
  const all = run(folder, asked, 'all', count);
  // What starting takes is in both.
  const more = count - Math.min(100, count);
  const each = (all.cpu - few.cpu) / more;
  const cores = availableParallelism();
  console.log(
    `batch: ${each.toFixed(1)} ms a picture, so ${(alone / each).toFixed(2)} of what one over allows on ${cores} cores`,
  );
  const rate = more / (all.seconds - few.seconds);
  console.log(
    `       ${rate.toFixed(1)} pictures a second by the clock, so ${((rate * alone) / 1000 / cores).toFixed(2)} of that; the machine may have had other things to do`,
  );
  peer(loaded, each, rate);
  console.log(
    `memory: ${few.mebibytes} MiB for ${Math.min(100, count)} pictures, ${all.mebibytes} MiB for ${count}`,
  );
}

/** The same by a script of PyTorch's. */
function peer({ model, preprocessing, weights }, ours, rate) {
  const { imageSize, patchSize, width, depth, heads, hidden, classes, layerNormEpsilon } = model.config;
  const { shortSide, mean, std } = preprocessing;
  const sizes = { image: imageSize[0], patch: patchSize[0], width, depth, heads, hidden, classes };
  const setting = {
    sizes: { ...sizes, epsilon: layerNormEpsilon },
    shortSide,
    mean,
    std,
    workers: availableParallelism(),
  };
  const list = join(root, 'peer.txt');
  const names = readdirSync(join(root, 'pictures'));
  writeFileSync(list, names.map((name) => `${join(root, 'pictures', name)}\n`).join(''));
  const peers = fileURLToPath(new URL('peers', import.meta.url));
  const args = [
    join(peers, 'batch.py'),
    list,
    weights.path,
    join(root, 'peer.jsonl'),
    JSON.stringify(setting),
  ];
  // OpenBLAS takes a processor that is newer than itself for one of 2004.
  const env = { OPENBLAS_CORETYPE: hasAvx512() ? 'SKYLAKEX' : '', ...process.env };
  const python = ['python3', '/usr/bin/python3'].find(
    (path) => spawnSync(path, ['-c', 'import torch, numpy, PIL']).status === 0,
  );
  if (!python) return console.log('PyTorch: there is no Python with torch, numpy and PIL');
  const { status, stdout, stderr } = spawnSync(python, args, { encoding: 'utf8', env });
  if (status !== 0) throw new Error(stderr);
  const { cpu, clock } = JSON.parse(stdout);
  const its = cpu / names.length;
  const itsRate = (1000 * names.length) / clock;
  console.log(
    `PyTorch: ${its.toFixed(1)} ms of the processor a picture, of which ours takes ${(ours / its).toFixed(2)}; ${itsRate.toFixed(1)} a second by the clock, ours ${(rate / itsRate).toFixed(2)} times as many`,
  );
}

function hasAvx512() {
  return existsSync('/proc/cpuinfo') && / avx512vl /.test(readFileSync('/proc/cpuinfo', 'utf8'));
}

/** Tells at its end what a process took. */
function teller() {
  const tell = join(root, 'tell.cjs');
  writeFileSync(
    tell,
    "if (require('node:worker_threads').isMainThread) process.on('exit', () => { const { user, system } = process.cpuUsage(); require('node:fs').writeSync(2, JSON.stringify({ cpu: (user + system) / 1000, mebibytes: Math.round(process.resourceUsage().maxRSS / 1024) })); });",
  );
  return ['--require', tell, 'dist/bin/main.cjs', 'batch'];
}

function modelAsked(given) {
  return /[/.]/.test(given) ? { name: 'deit_tiny_patch16_224', weights: given } : { name: given };
}

function what({ name, weights }) {
  const model = ['--model', name, ...(weights ? ['--weights', weights] : [])];
  return [...model, '--method', 'gradient-rollout', '--device', 'native'];
}

function run(folder, asked, out, count) {
  const list = join(root, `${out}.txt`);
  const names = readdirSync(folder).slice(0, count);
  writeFileSync(list, names.map((picture) => `pictures/${picture}\n`).join(''));
  const start = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    [...teller(), `@${list}`, '--out', join(root, out), ...what(asked)],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  const told = JSON.parse(stderr.slice(stderr.lastIndexOf('{')));
  return { ...told, seconds: (performance.now() - start) / 1000 };
}

/**
 * As many jobs as workers. Each has a core of its own, as if on a machine of its own, where the system can see to that: else the
 * one worker alone reads pictures on a core that the second one would need. Where the machine has other things to do, what counts
 * is the processor's time.
 */
async function workers(address, asked, count) {
  const times = [];
  for (const number of [1, 2]) {
    const folder = join(root, `pictures${number}`);
    await pictures(folder, number * count);
    const submit = [
      'submit',
      folder,
      '--out',
      join(root, `out${number}`),
      '--queue',
      address,
      ...what(asked),
    ];
    const { status, stderr } = spawnSync(process.execPath, ['dist/bin/main.cjs', 'batch', ...submit], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    const start = performance.now();
    const told = await Promise.all(Array.from({ length: number }, (_, core) => worked(address, core)));
    times.push({
      seconds: (performance.now() - start) / 1000,
      cpu: told.reduce((sum, { cpu }) => sum + cpu, 0),
    });
  }
  const [one, two] = times;
  console.log(
    `workers of one thread: two are ${((2 * one.seconds) / two.seconds).toFixed(2)} times as fast as one by the clock, ${((4 * one.cpu) / two.cpu).toFixed(2)} times by the processor's time`,
  );
}

function worked(address, core) {
  const args = ['work', '--queue', address, '--threads', '1', '--until-done'];
  const command = [...oneCore(core), process.execPath, ...teller(), ...args];
  const child = spawn(command[0], command.slice(1), { stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  child.stderr.on('data', (piece) => (text += piece));
  return new Promise((resolve) =>
    child.on('close', () => resolve(JSON.parse(text.slice(text.lastIndexOf('{'))))),
  );
}

/** What keeps a process on one core; nothing where there is none. */
function oneCore(core) {
  const words = ['taskset', '--cpu-list', String(core)];
  return spawnSync(words[0], [...words.slice(1), 'true']).status === 0 ? words : [];
}

async function queue(address) {
  const { openQueue, openWorker, queueAddress } = await import('../dist/batch/queue/driver.js');
  const at = queueAddress(address);
  const items = Array.from({ length: 256 }, (_, i) => ({
    name: `pictures/some/folder/picture-${i}.jpg`,
    place: { kind: 'file', path: `/shared/data/pictures/some/folder/picture-${i}.jpg` },
    key: String(i).padStart(32, '0'),
  }));
  const jobs = 64;
  const opened = await openQueue(at);
  const start = performance.now();
  for (let i = 0; i < jobs; i += 32) {
    await opened.addBulk(Array.from({ length: 32 }, () => ({ name: 'explain', data: { items } })));
  }
  const added = performance.now() - start;
  let done = 0;
  const begun = performance.now();
  await new Promise((resolve, reject) => {
    openWorker(at, () => Promise.resolve({ explained: 256, there: 0, failed: [] })).then((worker) => {
      worker.on('completed', () => {
        if (++done === jobs) resolve(worker.close());
      });
      return worker.run();
    }, reject);
  });
  const taken = performance.now() - begun;
  await opened.obliterate({ force: true });
  await opened.close();
  const each = (time) => (time / jobs / 256).toFixed(4);
  console.log(`queue: ${each(added)} ms a picture to submit, ${each(taken)} ms to take and to finish`);
}

function millisecondsSince(before) {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
