/** A thread of the wasm backend. */
import { parentPort } from 'node:worker_threads';
import { serveThread, type Order } from '../../backends/wasm/thread.js';

const obey = serveThread((answer) => {
  parentPort!.postMessage(answer);
});
parentPort!.on('message', (order: Order) => {
  void obey(order);
});
