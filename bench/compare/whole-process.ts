import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot, peersFolder } from '../paths.js';
import { checkAgreement, mapTolerance } from './agreement.js';
import { ContestantError } from './contestant.js';
import { judge, takeTurns, type Entry, type Measurement } from './measurement.js';
import { targets } from './targets.js';

const execute = promisify(execFile);

/** A command that explains one picture, from the shell's prompt to the files on the disk. */
interface WholeProcess {
  readonly name: string;
  readonly command: readonly string[];
  /** Takes the map out of what the command wrote. */
  readonly map: () => Promise<readonly number[]>;
  readonly peaks: number[];
}

export interface WholeProcessSetup {
  readonly python: string;
  readonly weights: string;
  /** For results; emptied by the caller. */
  readonly folder: string;
  /** Only if it was asked for; else the command chooses as it would for anybody. */
  readonly device: string | undefined;
  readonly isFair: boolean;
}

/** Two commands that do the same, checked to do the same. */
export class WholeProcesses {
  private constructor(
    private readonly setup: WholeProcessSetup,
    private readonly processes: readonly WholeProcess[],
  ) {}

  /** @throws DisagreementError if their maps differ */
  static async check(setup: WholeProcessSetup): Promise<WholeProcesses> {
    const processes = await commands(setup);
    for (const { name, command } of processes) await launch(setup.python, name, command);
    const [ours, theirs] = await Promise.all(processes.map(({ map }) => map()));
    checkAgreement(mapTolerance, ours, theirs, 'vitrine and PyTorch, whole process');
    return new WholeProcesses(setup, processes);
  }

  /** Wall time, and the most memory held. */
  async measure(runs: number): Promise<Measurement[]> {
    const { python, isFair } = this.setup;
    const entries = this.processes.map(({ name, command, peaks }): Entry => {
      const run = async (count: number): Promise<number[]> => {
        const milliseconds: number[] = [];
        for (let time = 0; time < count; time++) {
          const result = await launch(python, name, command);
          milliseconds.push(result.milliseconds);
          peaks.push(result.peakBytes / 2 ** 20);
        }
        return milliseconds;
      };
      return { name, run };
    });
    const times = await takeTurns(entries, { warmup: 0, runs, blockSize: 1 });
    const about = { threads: undefined, against: 'PyTorch' };
    const peaks = this.processes.map((process) => process.peaks);
    return [
      judge(
        { ...about, title: 'whole process', unit: 'ms', target: targets.wholeProcess },
        entries,
        times,
        isFair,
      ),
      judge(
        { ...about, title: 'whole process, peak memory', unit: 'MiB', target: targets.wholeProcessMemory },
        entries,
        peaks,
        true,
      ),
    ];
  }
}

async function commands({ python, weights, folder, device }: WholeProcessSetup): Promise<WholeProcess[]> {
  const image = join(packageRoot, 'examples', 'chelsea.png');
  const [ours, theirs] = ['vitrine', 'pytorch'].map((name) => join(folder, name));
  for (const path of [ours, theirs]) await mkdir(path);
  const read = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'));
  return [
    {
      name: 'vitrine',
      command: [
        process.execPath,
        join(packageRoot, 'dist', 'bin', 'main.cjs'),
        'explain',
        ...['--image', image, '--method', 'gradient-rollout', '--weights', weights, '--out', ours],
        ...(device === undefined ? [] : ['--device', device]),
      ],
      map: async () => {
        const document = (await read(join(ours, 'chelsea.json'))) as { explanations: [{ values: number[] }] };
        return document.explanations[0].values;
      },
      peaks: [],
    },
    {
      name: 'PyTorch',
      command: [python, join(peersFolder, 'explain.py'), image, weights, theirs],
      map: async () => ((await read(join(theirs, 'chelsea.json'))) as { values: number[] }).values,
      peaks: [],
    },
  ];
}

async function launch(
  python: string,
  name: string,
  command: readonly string[],
): Promise<{ milliseconds: number; peakBytes: number }> {
  const { stdout } = await execute(python, ['-I', join(peersFolder, 'launch.py'), ...command]);
  const result = JSON.parse(stdout) as {
    milliseconds: number;
    peakBytes: number;
    status: number;
    message: string;
  };
  if (result.status !== 0) {
    throw new ContestantError(
      `${name}: the whole process ended with status ${result.status}: ${result.message}`,
    );
  }
  return result;
}
