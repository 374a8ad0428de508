// Makes the decoder end its process at pictures of so many bytes, or never come to an end, as one with a mistake might:
//
//   FATAL_BYTES=1234 ENDLESS_BYTES=1235 NODE_OPTIONS='--require fatal-decoder.cjs'
const process = require('node:process');
const sharp = require('sharp');

const { metadata } = sharp.prototype;
sharp.prototype.metadata = function (...given) {
  const bytes = this.options.input.buffer?.length;
  if (bytes === Number(process.env.FATAL_BYTES)) process.kill(process.pid, 'SIGKILL');
  while (bytes === Number(process.env.ENDLESS_BYTES));
  return metadata.apply(this, given);
};
