// The native backend in several threads of node, on the built package and in a process of its own: what goes wrong here
// may take the process with it.
//
//   node native-workers.js equal WORKERS       prints, as JSON, what main thread and workers computed at once
//   node native-workers.js terminate ROUNDS    ends that many workers in the middle of their work, then prints a result
//   node native-workers.js outlive ROUNDS      takes results over from workers that end without closing anything
//   node native-workers.js reopen ROUNDS       opens and destroys backends in the middle of a run, prints threads left
//   node native-workers.js exit STATUS         leaves in the middle of a run
//   node native-workers.js throw               fails in the middle of a run
import { readdirSync } from 'node:fs';
import { setImmediate as nextTick } from 'node:timers/promises';
import { Buffer } from 'node:buffer';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { compile, constant, input, layerNorm, matmul } from '../../dist/index.js';
import { openNative } from '../../dist/node/index.js';

const width = 256;
const x = Float32Array.from({ length: width * width }, (_, i) => Math.sin(i));

/**
 * Opens a backend and starts a run that takes a good while, with that many products.
 * @param {number} links
 */
async function start(links) {
  const backend = openNative(2);
  const vector = (/** @type {number} */ value) => constant(new Float32Array(width).fill(value), [width]);
  let y = input('x', [width, width]);
  for (let i = 0; i < links; i++) y = layerNorm(matmul(y, y), vector(1), vector(0), 1e-6);
  const program = await compile({ y }, backend);
  const run = program.run({ x });
  for (let i = 0; i < 3; i++) await nextTick(); // now it is under way
  return { backend, program, run };
}

/** Some runs on one backend, the results as text. */
async function results() {
  const { backend, program, run } = await start(20);
  const all = await Promise.all([run, ...[1, 2, 3].map(() => program.run({ x }))]);
  backend.destroy();
  return all.map(({ y }) => Buffer.from(y.buffer).toString('base64'));
}

/** @param {string} task for the worker; it answers with one message */
function startWorker(task) {
  const worker = new Worker(new URL(import.meta.url), { workerData: task });
  const answer = new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  return { worker, answer };
}

async function equal(count) {
  const answers = Array.from({ length: count }, () => startWorker('results').answer);
  const all = await Promise.all([results(), ...answers]);
  const different = new Set(all.flat());
  console.log(JSON.stringify({ results: all.flat().length, different: different.size }));
}

async function terminate(rounds) {
  for (let round = 0; round < rounds; round++) {
    const { worker, answer } = startWorker(round % 3 === 2 ? 'compile' : 'run');
    await answer;
    // At different moments of its run.
    for (let i = 0; i < 20 * round; i++) await nextTick();
    await worker.terminate();
  }
  console.log(JSON.stringify({ results: (await results()).length, ...threads() }));
}

async function outlive(rounds) {
  for (let round = 0; round < rounds; round++) {
    const { worker, answer } = startWorker('hand over');
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    const { sum, y } = await answer;
    await ended;
    if (y.reduce((a, b) => a + b, 0) !== sum) throw new Error('the numbers have changed');
  }
  globalThis.gc(); // what was taken over goes now
  await nextTick();
  console.log(JSON.stringify({ ...threads() }));
}

async function reopen(rounds) {
  const held = [];
  for (let round = 0; round < rounds; round++) {
    const { backend, run } = await start(20);
    backend.destroy();
    held.push(run);
  }
  await Promise.all(held);
  console.log(JSON.stringify({ results: held.length, ...threads() }));
}

/** Those of the process, where the system tells. */
function threads() {
  return process.platform === 'linux' ? { threads: readdirSync('/proc/self/task').length } : {};
}

if (isMainThread) {
  const [task, number] = process.argv.slice(2);
  const tasks = { equal, terminate, outlive, reopen };
  if (task in tasks) {
    await tasks[task](Number(number));
  } else {
    await start(200);
    if (task === 'throw') throw new Error('on purpose');
    process.exit(Number(number));
  }
} else if (workerData === 'results') {
  parentPort.postMessage(await results());
} else if (workerData === 'hand over') {
  const { program, run } = await start(5);
  await run; // stays here
  const { y } = await program.run({ x });
  parentPort.postMessage({ sum: y.reduce((a, b) => a + b, 0), y }, [y.buffer]);
} else if (workerData === 'compile') {
  const backend = openNative(2);
  parentPort.postMessage('under way');
  for (;;) {
    const weight = constant(new Float32Array(2 ** 20), [1024, 1024]); // takes a while to be packed
    (await compile({ y: matmul(input('x', [16, 1024]), weight) }, backend)).dispose();
  }
} else {
  const { program } = await start(200);
  parentPort.postMessage('under way');
  for (;;) await program.run({ x });
}
