// Reads pictures one after the other and prints, as JSON, the peak of the resident memory in MiB after each, the first one
// being that before all. A process of its own, on the built package: what a test runner holds would hide it.
// Usage: node picture-memory.js PICTURE...
import { readPicture } from '../../dist/node/index.js';

const peak = () => process.resourceUsage().maxRSS / 1024;

const peaks = [peak()];
for (const path of process.argv.slice(2)) {
  await readPicture(path).catch(() => undefined);
  peaks.push(peak());
}
console.log(JSON.stringify(peaks));
