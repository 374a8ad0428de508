import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot, peersFolder } from '../paths.js';
import type { Patience } from '../statistics.js';
import { checkAgreement } from './agreement.js';
import { ContestantError, type Contestant } from './contestant.js';
import { explanation } from './contests.js';
import { peerEnvironment } from './environment.js';
import { judge, singleRuns, takeTurns, type Measurement } from './measurement.js';
import type { PlainModel } from './plain-model.js';
import type { Comparable } from './setting.js';
import { wholeProcessTargets, type Target } from './targets.js';

const execute = promisify(execFile);

/** A command that explains one picture, from the shell's prompt to the files on the disk. */
interface WholeProcess {
  readonly name: string;
  readonly command: readonly string[];
  /** Where it writes a picture and a document. */
  readonly folder: string;
}

/** Of one contestant. */
const processesInARow = 4;

interface Document {
  readonly explanations: readonly [{ readonly values: number[] }];
}

/** What whole processes need. */
interface Surroundings {
  /** A Python that starts them: it can tell how much memory a process had. */
  readonly launcher: string;
  /** One that explains; undefined where vitrine is measured alone. */
  readonly peer: string | undefined;
  /** The checkpoint. */
  readonly weights: string;
  /** For what they write. */
  readonly folder: string;
  /** Only if it was asked for; else vitrine's command chooses as it would for anybody. */
  readonly device: string | undefined;
}

/**
 * Commands that explain a picture, checked to give the same map.
 * @returns what measures their wall time and the most memory that they hold; and vitrine's, by the time that an explanation
 *   takes in a process that runs already, which is the contestant's
 * @throws DisagreementError if the maps differ
 */
export async function wholeProcesses(
  { entry, ...plain }: Comparable,
  { launcher, folder, ...surroundings }: Surroundings,
): Promise<(own: Contestant, patience: Patience, isFair: boolean) => Promise<Measurement[]>> {
  const processes = commandsOf(entry.name, plain, folder, surroundings);
  const maps: number[][] = [];
  for (const each of processes) {
    await mkdir(each.folder);
    await launch(launcher, each);
    const document = (await readdir(each.folder)).find((name) => name.endsWith('.json'))!;
    const { explanations } = JSON.parse(await readFile(join(each.folder, document), 'utf8')) as Document;
    maps.push(explanations[0].values);
  }
  const [ours, ...others] = maps;
  for (const theirs of others) {
    checkAgreement([ours.length], ours, theirs, 'vitrine and PyTorch, whole process');
  }
  const targets = wholeProcessTargets[entry.name] ?? {};
  return async (own, { runs, milliseconds }, isFair) => {
    const peaks = processes.map((): number[] => []);
    const whole = processes.map(({ name, ...each }, index) =>
      singleRuns(name, async () => {
        const { milliseconds: time, peakBytes } = await launch(launcher, { name, ...each });
        peaks[index].push(peakBytes / 2 ** 20);
        return time;
      }),
    );
    // The first run finds its numbers out of the caches, which whole processes have filled with theirs.
    const warm = singleRuns('own explanation', async () => (await own.run(explanation, 2))[1]);
    // A virtual machine may hand memory back that nobody has used for some seconds: who comes first then waits for most of it.
    const times = await takeTurns([...whole, warm], { warmup: 0, runs, milliseconds }, processesInARow);
    const measured = (
      title: string,
      unit: Measurement['unit'],
      against: string,
      target: Target = {},
    ): Pick<Measurement, 'title' | 'unit' | 'threads' | 'against' | 'target'> => {
      return { title: `whole process${title}`, unit, threads: undefined, against, target };
    };
    const wall = measured('', 'ms', 'PyTorch', targets.wall);
    const memory = measured(', peak memory', 'MiB', 'PyTorch', targets.memory);
    const byRun = measured(' by own explanation', 'ms', 'own explanation', targets.byExplanation);
    return [
      judge(wall, whole, times, isFair),
      judge(memory, whole, peaks, true),
      judge(byRun, [whole[0], warm], [times[0], times.at(-1)!], true),
    ];
  };
}

/** vitrine's first. */
function commandsOf(
  model: string,
  plain: PlainModel,
  folder: string,
  { peer, weights, device }: Omit<Surroundings, 'launcher' | 'folder'>,
): WholeProcess[] {
  const image = join(packageRoot, 'examples', 'chelsea.png');
  const [ours, theirs] = ['vitrine', 'pytorch'].map((name) => join(folder, name));
  const script = join(packageRoot, 'dist', 'bin', 'main.cjs');
  const what = ['--image', image, '--method', 'gradient-rollout', '--model', model, '--weights', weights];
  const onDevice = device === undefined ? [] : ['--device', device];
  const vitrine: WholeProcess = {
    name: 'vitrine',
    command: [process.execPath, script, 'explain', ...what, '--out', ours, ...onDevice],
    folder: ours,
  };
  if (peer === undefined) return [vitrine];
  const words = [image, weights, theirs, JSON.stringify({ sizes: plain.sizes, ...plain.pictures })];
  const command = [peer, join(peersFolder, 'explain.py'), ...words];
  return [vitrine, { name: 'PyTorch', command, folder: theirs }];
}

async function launch(
  launcher: string,
  { name, command }: WholeProcess,
): Promise<{ milliseconds: number; peakBytes: number }> {
  const words = ['-I', join(peersFolder, 'launch.py'), ...command];
  const { stdout } = await execute(launcher, words, { env: peerEnvironment() });
  const result = JSON.parse(stdout) as Record<'milliseconds' | 'peakBytes' | 'status', number> & {
    readonly message: string;
  };
  if (result.status === 0) return result;
  throw new ContestantError(
    `${name}: the whole process ended with status ${result.status}: ${result.message}`,
  );
}
