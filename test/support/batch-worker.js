/* global AbortController */
// A worker of batches that is given up soon when it is not heard of, so that tests need not wait; on the built package.
//
//   node batch-worker.js QUEUE
import { queueAddress } from '../../dist/batch/queue/driver.js';
import { serveQueue } from '../../dist/batch/queue/serve-queue.js';

const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
console.log('ready');
await serveQueue(queueAddress(process.argv[2]), {
  device: { adapter: undefined, threads: 1, batch: 4 },
  untilDone: false,
  timing: { lockDuration: 2000, stalledInterval: 700 },
  signal: stop.signal,
  news: {
    done: (result) => console.log(JSON.stringify(result)),
    failed: (reason) => console.log(JSON.stringify({ reason })),
    trouble: () => undefined,
  },
});
console.log('left');
process.exit(0);
