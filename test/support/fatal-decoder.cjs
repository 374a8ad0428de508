// Makes the decoder end its process at pictures of so many bytes, never come to an end, where threads can be stopped and where they
// cannot, or find no memory, as one with a mistake might:
//
//   FATAL_BYTES=1234 ENDLESS_BYTES=1235 STUCK_BYTES=1236 NO_MEMORY_BYTES=1237 NODE_OPTIONS='--require fatal-decoder.cjs'
//
// STUCK_AT names a pipe into which nobody writes, and what is waited for 120 seconds otherwise is so for SHORT milliseconds.
const { open } = require('node:fs');
const process = require('node:process');
const sharp = require('sharp');

const { metadata } = sharp.prototype;
sharp.prototype.metadata = function (...given) {
  const bytes = this.options.input.buffer?.length;
  if (bytes === Number(process.env.FATAL_BYTES)) process.kill(process.pid, 'SIGKILL');
  while (bytes === Number(process.env.ENDLESS_BYTES));
  if (bytes === Number(process.env.STUCK_BYTES))
    return new Promise((resolve) => open(process.env.STUCK_AT, 'r', resolve));
  if (bytes === Number(process.env.NO_MEMORY_BYTES))
    return Promise.reject(
      new Error('Input buffer has corrupt header: vips_tracked: out of memory -- size == 137MB'),
    );
  return metadata.apply(this, given);
};

const { SHORT } = process.env;
if (SHORT !== undefined) {
  const { setTimeout } = globalThis;
  globalThis.setTimeout = (call, delay, ...given) =>
    setTimeout(call, delay === 120_000 ? Number(SHORT) : delay, ...given);
}
