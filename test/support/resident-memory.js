// Runs one compiled program again and again and prints, as JSON, the live buffers and the resident memory after the
// warm-up and after each of three stretches. A process of its own, on the built package: a test runner's own garbage
// would drown the figures.
// Usage: node --expose-gc resident-memory.js reference|native|webgpu WARM_UP RUNS_A_STRETCH
import { add, compile, input, relu, softmax } from '../../dist/index.js';
import { openBackend } from '../../dist/node/index.js';

const [backendName, warmUp, runs] = process.argv.slice(2);
const { backend } = await openBackend(backendName);

const y = softmax(relu(add(input('x', [64, 256]), 1))); // 64 kB
const program = await compile({ y }, backend);
const x = new Float32Array(64 * 256).fill(0.01);

/** @param {number} count */
async function after(count) {
  for (let run = 0; run < count; run++) await program.run({ x });
  globalThis.gc(); // what is only waiting to be collected is no growth
  return { held: backend.memory(), resident: process.memoryUsage().rss };
}

const stretches = [await after(Number(warmUp))];
for (let stretch = 0; stretch < 3; stretch++) stretches.push(await after(Number(runs)));
console.log(JSON.stringify(stretches));
backend.destroy();
