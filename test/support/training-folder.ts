import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { spawn, type ChildProcess } from 'node:child_process';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import {
  sceneClasses,
  spriteCollection,
  spriteFiles,
  type SpriteVendor,
  type TrainConfig,
} from '../../src/train/index.js';
import { environmentOfPerson, packageFolder, packageJson, vitrine, type Outcome } from '../cli/command.js';
import { blob } from './sprites.js';
import { tinyTraining } from './train-config.js';

/** A training of seconds, of drawings that `TrainingFolder` has. */
export const folderTraining = {
  ...tinyTraining,
  data: {
    ...tinyTraining.data,
    packages: 'packages',
    vendors: ['google', 'fluent', 'openmoji', 'noto-v1'] as SpriteVendor[],
  },
} satisfies TrainConfig;

/** A folder in which a person trains: with drawings, a configuration and a new folder for each training. */
export class TrainingFolder {
  /** Where trainings go, from the next call of `another` on. */
  out: string;
  #count = 0;

  private constructor(readonly path: string) {
    this.out = join(path, 'out0');
  }

  static async make(): Promise<TrainingFolder> {
    const folder = new TrainingFolder(await mkdtemp(join(tmpdir(), 'vitrine-train-')));
    await folder.configure({});
    await makeDrawings(join(folder.path, 'packages'));
    return folder;
  }

  remove(): Promise<void> {
    return rm(this.path, { recursive: true });
  }

  /** Has trainings go into a folder that is not there yet. */
  another(): void {
    this.out = join(this.path, `out${++this.#count}`);
  }

  /** Writes the configuration, with changes. */
  configure(changes: object): Promise<void> {
    return writeFile(join(this.path, 'config.json'), JSON.stringify({ ...folderTraining, ...changes }));
  }

  train(...args: readonly string[]): Promise<Outcome> {
    return vitrine([...this.#arguments(), ...args], { cwd: this.path });
  }

  /** The same, for those who do something to it meanwhile. */
  start(...args: readonly string[]): RunningTraining {
    const command = join(packageFolder, packageJson.bin.vitrine);
    return new RunningTraining(
      spawn(process.execPath, [command, ...this.#arguments(), ...args], {
        cwd: this.path,
        env: environmentOfPerson(),
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }

  /** What lies in the folder of the last training. */
  async files(): Promise<string[]> {
    return (await readdir(this.out)).sort();
  }

  read(name: string): Promise<Buffer> {
    return readFile(join(this.out, name));
  }

  /** Of the last checkpoint. */
  async step(): Promise<number> {
    const { step } = JSON.parse((await this.read('checkpoint.json')).toString()) as { step: number };
    return step;
  }

  #arguments(): string[] {
    return ['train', '--config', 'config.json', '--device', 'native', '--threads', '1', '--out', this.out];
  }
}

/** A training under way. */
export class RunningTraining {
  stdout = '';
  stderr = '';
  /** The exit status, as a shell has it: 128 and the number of the signal that ended it. */
  readonly ended: Promise<number>;

  constructor(private readonly child: ChildProcess) {
    this.ended = new Promise((resolve) => {
      child.once('close', (status: number | null, signal: NodeJS.Signals | null) => {
        resolve(status ?? 128 + constants.signals[signal!]);
      });
    });
    child.stdout?.on('data', (data: Buffer) => (this.stdout += data.toString()));
    child.stderr?.on('data', (data: Buffer) => (this.stderr += data.toString()));
  }

  get pid(): number {
    return this.child.pid!;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Closes the terminal: nobody reads any more. */
  leaveAlone(): void {
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
  }

  /** Waits until a condition holds; fails if the training ends before. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (!this.running) throw new Error(`The training ended: ${this.stdout}${this.stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}

/** What the vendors' packages hold, in all the forms that they have. */
async function makeDrawings(packages: string): Promise<void> {
  for (const [index, { codePoints }] of sceneClasses.entries()) {
    const picture = sharp(Buffer.from(blob(index, 0)), { raw: { width: 24, height: 24, channels: 4 } });
    const colour = `rgb(${16 * index},${255 - 16 * index},90)`;
    const files = {
      // A name with the selector for coloured drawings, as some vendors have it.
      google: [1, await picture.clone().png().toBuffer()],
      fluent: [0, await picture.clone().webp({ lossless: true }).toBuffer()],
      openmoji: [
        0,
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 72"><path d="M10 60L36 ${index}L60 60Z" fill="${colour}"/></svg>`,
      ],
    } as const;
    for (const [vendor, [name, data]] of Object.entries(files)) {
      const path = join(packages, spriteFiles(vendor as keyof typeof files, codePoints[0])[name]);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, data);
    }
  }
  const icons = Object.fromEntries(
    sceneClasses.map(({ iconNames }, index) => [
      iconNames[0],
      { body: `<circle cx="16" cy="16" r="${10 + index / 4}" fill="rgb(90,${16 * index},200)"/>` },
    ]),
  );
  const collection = join(packages, spriteCollection('noto-v1')!);
  await mkdir(dirname(collection), { recursive: true });
  await writeFile(collection, JSON.stringify({ width: 32, height: 32, icons }));
  // A vendor that has not drawn everything.
  const { cat } = icons;
  const some = join(packages, spriteCollection('mdi')!);
  await mkdir(dirname(some), { recursive: true });
  await writeFile(some, JSON.stringify({ width: 32, height: 32, icons: { cat } }));
}
