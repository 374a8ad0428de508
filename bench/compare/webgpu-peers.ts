import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeMachine, machineInWords } from '../machine.js';
import type { BenchOptions } from '../options.js';
import { makeReport, type Report } from '../report.js';
import { plannedRuns } from '../statistics.js';
import { DisagreementError } from './agreement.js';
import { checkContest } from './check.js';
import { Contestant } from './contestant.js';
import { firstRuns, patienceMilliseconds, type Start } from './first-runs.js';
import { figuresOf, judge, takeTurns, type Measurement } from './measurement.js';
import { printMeasurements } from './print.js';
import type { Setup } from './protocol.js';
import { writeRaw } from './raw-file.js';
import { category, imagesToCompare, referenceFiles } from './setting.js';
import { forwardTargetOn } from './targets.js';
import { entryOf, explanationByForward, forward, type Contest } from './tasks.js';

/** Measures vitrine on WebGPU beside ONNX Runtime's WebGPU provider on the same driver, prints it and returns it. */
export async function benchWebgpuPeers(options: BenchOptions): Promise<Report> {
  const files = await referenceFiles();
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-bench-'));
  const started = new Set<Contestant>();
  const scripts = { vitrine: 'vitrine-contestant.js', 'ONNX Runtime': 'onnx-contestant.js' };
  try {
    const images = join(folder, 'images');
    await writeRaw(images, [await imagesToCompare()]);
    const threads = availableParallelism();
    const setup: Setup = { ...files, device: 'webgpu', provider: 'webgpu', threads, images, category };
    const start: Start = async (name) => {
      const script = fileURLToPath(new URL(scripts[name], import.meta.url));
      const contestant = await Contestant.start(name, [process.execPath, script], setup);
      started.add(contestant);
      return contestant;
    };
    return await compare(options, start, folder);
  } finally {
    await Promise.all([...started].map((contestant) => contestant.stop()));
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare({ runs, warmup }: BenchOptions, start: Start, folder: string): Promise<Report> {
  const patience = { runs, warmup, milliseconds: patienceMilliseconds };
  const [vitrine, onnx] = [await start('vitrine'), await start('ONNX Runtime')];
  const contests = contestsOf(vitrine, onnx);
  console.log(`machine  ${machineInWords(describeMachine())}`);
  for (const { description } of [vitrine, onnx]) console.log(`contest  ${description}`);
  console.log(`runs     up to ${runs}, in turns, fewer on a slow adapter; medians`);
  for (const contest of contests) await checkContest(contest, folder);
  console.log(`driver   ${sameDriver(vitrine, onnx)}`);
  console.log('results  all contestants agree\n');

  const measurements: Measurement[] = [];
  for (const { title, against, target, ways } of contests) {
    const entries = ways.map(entryOf);
    const first: number[] = [];
    for (const { run } of entries) first.push(...(await run(1)));
    const plan = plannedRuns(Math.max(...first), patience);
    const numbers = await takeTurns(entries, plan);
    measurements.push(
      judge({ title, unit: 'ms', threads: undefined, against, target }, entries, numbers, true),
    );
    if (title === contests[0].title) measurements.push(await firstRuns(start, runs));
  }
  printMeasurements(measurements);
  const contestants = [vitrine, onnx].map(({ name, description }) => ({ name, description }));
  const adapters = contestants.map(({ description }) => description);
  return makeReport(adapters, figuresOf(measurements), { runs, warmup, contestants, measurements });
}

function contestsOf(vitrine: Contestant, onnx: Contestant): Contest[] {
  return [
    {
      title: 'forward + 12 attentions',
      against: 'ONNX Runtime',
      target: forwardTargetOn(vitrine.description),
      ways: [
        { contestant: vitrine, task: forward },
        { contestant: onnx, task: forward },
      ],
    },
    explanationByForward(vitrine),
  ];
}

/**
 * Names the driver of both.
 * @throws DisagreementError if they loaded different ones
 */
function sameDriver(ours: Contestant, theirs: Contestant): string {
  const [here, there] = [ours, theirs].map(({ drivers }) => drivers.map((path) => basename(path)).join(', '));
  if (here !== there) {
    throw new DisagreementError(
      `vitrine runs on ${here || 'no driver'}, ONNX Runtime on ${there || 'no driver'}.`,
    );
  }
  return here === '' ? 'not known on this system' : `both have loaded ${here}`;
}
