import { afterEach, describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { Heap } from '../../src/backends/wasm/heap.js';
import { planProduct } from '../../src/backends/wasm/product-plan.js';
import { openWasm } from '../../src/node/devices/wasm.js';
import { evaluate } from '../support/backends.js';
import { haveSameBits } from '../support/compare.js';
import { openAlone, readKernels } from '../support/cpu.js';
import { generator, randomValues, seed } from '../support/random.js';

const opened: v.WasmBackend[] = [];
afterEach(() => {
  for (const backend of opened.splice(0)) backend.destroy();
});

async function open(opening: Promise<v.WasmBackend>): Promise<v.WasmBackend> {
  const backend = await opening;
  opened.push(backend);
  return backend;
}

describe('the wasm backend', () => {
  test('is named by its threads', async () => {
    const [alone, one, three] = await Promise.all([openAlone(), openWasm(1), openWasm(3)].map(open));
    expect([alone, one, three].map(({ adapter }) => adapter)).toEqual([
      'WebAssembly, 128-bit vectors, this thread',
      'WebAssembly, 128-bit vectors, 1 thread',
      'WebAssembly, 128-bit vectors, 3 threads',
    ]);
    expect([alone, one, three].map(({ threads }) => threads)).toEqual([1, 1, 3]);
  });

  test(`gives the same bits without threads as with them (seed ${seed})`, async () => {
    const random = generator();
    const x = v.input('x', [5, 197, 67]);
    const weight = v.constant(randomValues(67 * 131, random, -0.2, 0.2), [67, 131]);
    const y = v.softmax(v.gelu(v.matmul(x, weight)));
    const [gradient] = v.gradient(v.sum(v.multiply(y, y)), [weight]);
    const values = { x: randomValues(x.size, random) };
    const results = [];
    for (const backend of await Promise.all([openAlone(), openWasm(2)].map(open))) {
      results.push(await evaluate({ y, gradient }, backend, values));
    }
    for (const name of ['y', 'gradient'] as const) {
      expect(haveSameBits(results[0][name], results[1][name])).toBe(true);
    }
  });

  test('a thread that cannot be started: one sentence', async () => {
    const host: v.ThreadHost = {
      start: (_heard, failed) => {
        queueMicrotask(() => {
          failed('there are no threads here');
        });
        return { send: () => undefined, hold: () => undefined, stop: () => undefined };
      },
    };
    const failure = v.WasmBackend.create({ kernels: readKernels, threads: { host, count: 2 } });
    await expect(failure).rejects.toThrow(v.DeviceError);
    await expect(failure).rejects.toThrow(
      'The wasm backend cannot run its threads: there are no threads here.',
    );
  });

  test('a thread that ends in a run: the run fails, and so do those after it', async () => {
    const running: v.HostThread[] = [];
    const failures: ((why: string) => void)[] = [];
    const host: v.ThreadHost = {
      start: (heard, failed) => {
        failures.push(failed);
        const obey = v.serveThread(heard);
        const thread: v.HostThread = {
          // The order to run is never heard.
          send: (order) => (order.kind === 'begin' ? void obey(order) : undefined),
          hold: () => undefined,
          stop: () => running.splice(running.indexOf(thread), 1),
        };
        running.push(thread);
        return thread;
      },
    };
    const backend = await open(v.WasmBackend.create({ kernels: readKernels, threads: { host, count: 2 } }));
    const program = await v.compile({ y: v.relu(v.input('x', [3])) }, backend);
    const run = program.run({ x: Float32Array.of(1, 2, 3) });
    const next = program.run({ x: Float32Array.of(1, 2, 3) });
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    failures[1]('a thread has ended');
    const sentence = 'The wasm backend cannot run its threads: a thread has ended.';
    await expect(run).rejects.toThrow(sentence);
    await expect(next).rejects.toThrow(sentence);
    expect(running).toEqual([]);
  });

  test('kernels that are none: one sentence', async () => {
    const failure = v.WasmBackend.create({ kernels: () => Promise.resolve(new Uint8Array(8)) });
    await expect(failure).rejects.toThrow(v.DeviceError);
    await expect(failure).rejects.toThrow(/^The wasm backend cannot be opened: .+\.$/);
  });
});

describe(`the heap (seed ${seed})`, () => {
  const random = generator();

  test('blocks do not overlap, and what is given back is used again', () => {
    const heap = new Heap(new WebAssembly.Memory({ initial: 1, maximum: 65536 }));
    const held = new Map<number, number>();
    for (let round = 0; round < 500; round++) {
      if (held.size > 20 || (held.size > 0 && random() < 0.4)) {
        const addresses = [...held.keys()];
        const address = addresses[Math.floor(random() * addresses.length)];
        heap.give(address);
        held.delete(address);
      } else {
        const bytes = Math.floor(random() * 100_000);
        held.set(heap.take(bytes), bytes);
      }
      const sorted = [...held].toSorted(([a], [b]) => a - b);
      sorted.slice(1).forEach(([address], i) => {
        expect(address).toBeGreaterThanOrEqual(sorted[i][0] + sorted[i][1] + 64);
      });
      const bytes = [...held.values()].reduce((a, b) => a + b, 0);
      expect(heap.usage()).toEqual({ buffers: held.size, bytes });
    }
    for (const address of held.keys()) heap.give(address);
    // Twenty blocks of at most 100 kB, and as much between them.
    expect(heap.memory.buffer.byteLength).toBeLessThan(5e6);
    const before = heap.memory.buffer.byteLength;
    expect(heap.take(before - 1000)).toBe(64);
    expect(heap.memory.buffer.byteLength).toBe(before);
  });

  test('what is given back while threads work is theirs until they are done', async () => {
    const heap = new Heap(new WebAssembly.Memory({ initial: 1 }));
    const address = heap.take(100);
    await heap.during(() => {
      heap.give(address);
      expect(heap.take(100)).not.toBe(address);
      return Promise.resolve();
    });
    expect(heap.take(100)).toBe(address);
  });

  test('more than there are addresses is refused', () => {
    const heap = new Heap(new WebAssembly.Memory({ initial: 1, maximum: 65536 }));
    expect(() => heap.take(2 ** 32)).toThrow(RangeError);
    expect(heap.usage()).toEqual({ buffers: 0, bytes: 0 });
  });
});

test(`a product's tasks cover every row and panel once (seed ${seed})`, () => {
  const random = generator();
  const upTo = (most: number): number => 1 + Math.floor(random() * most);
  for (let round = 0; round < 300; round++) {
    const size = {
      batch: upTo(13),
      rows: upTo(700),
      depth: upTo(900) - 1,
      columns: upTo(900),
      rightIsPacked: random() < 0.5,
      rightIsRowMajor: random() < 0.5,
      wholeRows: random() < 0.3,
    };
    const plan = planProduct(size, upTo(8));
    const { rowsPerTask, rowTasks, panels, panelsPerTask, panelTasks } = plan;
    expect(panels * 8 - size.columns).toBeGreaterThanOrEqual(0);
    expect(panels * 8 - size.columns).toBeLessThan(8);
    expect(rowsPerTask % 5).toBe(0);
    expect((rowTasks - 1) * rowsPerTask).toBeLessThan(size.rows);
    expect(rowTasks * rowsPerTask).toBeGreaterThanOrEqual(size.rows);
    expect((panelTasks - 1) * panelsPerTask).toBeLessThan(panels);
    expect(panelTasks * panelsPerTask).toBeGreaterThanOrEqual(panels);
    if (size.wholeRows) expect(panelTasks).toBe(1);
  }
});
