import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot, peersFolder } from '../paths.js';
import type { Patience } from '../statistics.js';
import { checkAgreement } from './agreement.js';
import { ContestantError } from './contestant.js';
import { judge, singleRuns, takeTurns, type Measurement } from './measurement.js';
import { targets } from './targets.js';

const execute = promisify(execFile);

/** A command that explains one picture, from the shell's prompt to the files on the disk. */
interface WholeProcess {
  readonly name: string;
  readonly command: readonly string[];
  /** Where it writes a picture and a document. */
  readonly folder: string;
}

interface Document {
  readonly explanations: readonly [{ readonly values: number[] }];
}

/**
 * Two commands that explain a picture, checked to give the same map.
 * @param folder for what they write
 * @param device only if it was asked for; else vitrine's command chooses as it would for anybody
 * @returns what measures their wall time, and the most memory that they hold
 * @throws DisagreementError if the maps differ
 */
export async function wholeProcesses(
  python: string,
  weights: string,
  folder: string,
  device: string | undefined,
): Promise<(patience: Patience, isFair: boolean) => Promise<Measurement[]>> {
  const image = join(packageRoot, 'examples', 'chelsea.png');
  const [ours, theirs] = ['vitrine', 'pytorch'].map((name) => join(folder, name));
  for (const path of [ours, theirs]) await mkdir(path);
  const script = join(packageRoot, 'dist', 'bin', 'main.cjs');
  const words = ['--image', image, '--method', 'gradient-rollout', '--weights', weights, '--out', ours];
  const onDevice = device === undefined ? [] : ['--device', device];
  const processes: WholeProcess[] = [
    {
      name: 'vitrine',
      command: [process.execPath, script, 'explain', ...words, ...onDevice],
      folder: ours,
    },
    {
      name: 'PyTorch',
      command: [python, join(peersFolder, 'explain.py'), image, weights, theirs],
      folder: theirs,
    },
  ];
  const maps: number[][] = [];
  for (const each of processes) {
    await launch(python, each);
    const document = (await readdir(each.folder)).find((name) => name.endsWith('.json'))!;
    const { explanations } = JSON.parse(await readFile(join(each.folder, document), 'utf8')) as Document;
    maps.push(explanations[0].values);
  }
  checkAgreement([maps[0].length], maps[0], maps[1], 'vitrine and PyTorch, whole process');
  return async ({ runs, milliseconds }, isFair) => {
    const peaks = processes.map((): number[] => []);
    const entries = processes.map((each, index) =>
      singleRuns(each.name, async () => {
        const { milliseconds: time, peakBytes } = await launch(python, each);
        peaks[index].push(peakBytes / 2 ** 20);
        return time;
      }),
    );
    const times = await takeTurns(entries, { warmup: 0, runs, milliseconds }, 1);
    const about = { threads: undefined, against: 'PyTorch' };
    const wall = { ...about, title: 'whole process', unit: 'ms', target: targets.wholeProcess } as const;
    const target = targets.wholeProcessMemory;
    const memory = { ...about, title: 'whole process, peak memory', unit: 'MiB', target } as const;
    return [judge(wall, entries, times, isFair), judge(memory, entries, peaks, true)];
  };
}

async function launch(
  python: string,
  { name, command }: WholeProcess,
): Promise<{ milliseconds: number; peakBytes: number }> {
  const { stdout } = await execute(python, ['-I', join(peersFolder, 'launch.py'), ...command]);
  const result = JSON.parse(stdout) as Record<'milliseconds' | 'peakBytes' | 'status', number> & {
    readonly message: string;
  };
  if (result.status === 0) return result;
  throw new ContestantError(
    `${name}: the whole process ended with status ${result.status}: ${result.message}`,
  );
}
