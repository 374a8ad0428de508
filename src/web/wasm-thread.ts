/** A thread of the wasm backend: what a Web Worker runs. */
import { serveThread, type Order } from '../backends/wasm/thread.js';

const obey = serveThread((answer) => {
  self.postMessage(answer);
});
self.addEventListener('message', ({ data }: MessageEvent<Order>) => {
  void obey(data);
});
