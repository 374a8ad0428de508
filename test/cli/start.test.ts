import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install } from '../support/installation.js';
import { packageFolder, run, type Outcome } from './command.js';

/** An installation that nobody has started yet. */
let installed: string;
const bin = (): string => join(installed, 'dist', 'bin');

async function caches(): Promise<string[]> {
  return (await readdir(bin())).filter((name) => name.includes('.cache')).map((name) => join(bin(), name));
}

beforeAll(async () => {
  installed = await mkdtemp(join(tmpdir(), 'vitrine-start-'));
  await install(installed);
  for (const cache of await caches()) await rm(cache);
});
afterAll(async () => {
  await rm(installed, { recursive: true });
});

function methods(...node: readonly string[]): Promise<Outcome> {
  return run(process.execPath, [...node, join(bin(), 'main.cjs'), 'methods'], { cwd: installed });
}

describe('the start of the command', () => {
  test('leaves behind one file of what was compiled, and begins with that', async () => {
    const first = await methods();
    expect(first).toMatchObject({ status: 0, stderr: '' });
    const [cache, ...others] = await caches();
    expect(others).toEqual([]);
    const kept = await readFile(cache);
    expect(kept.length).toBeGreaterThan(100_000);
    expect(await methods()).toEqual(first);
    expect(await caches()).toEqual([cache]);
    expect((await readFile(cache)).equals(kept)).toBe(true);
  });

  test('goes on without what is damaged, or of other flags', async () => {
    const whole = await methods();
    const [cache] = await caches();
    const kept = await readFile(cache);
    expect(await methods('--no-opt')).toEqual(whole);
    await writeFile(cache, kept.subarray(0, 1000));
    expect(await methods()).toEqual(whole);
    await writeFile(cache, 'not a cache at all');
    expect(await methods()).toEqual(whole);
    await writeFile(cache, kept);
  });

  test('keeps plans for the next time, and draws the same with them, without them and with damaged ones', async () => {
    const model = join(packageFolder, 'weights', 'vit_scenes_patch8_72.safetensors');
    const picture = join(packageFolder, 'examples', 'scene.png');
    const cache = join(installed, 'cache');
    const plans = join(cache, 'vitrine', 'plans');
    const explained = async (): Promise<[outcome: Outcome, panel: Buffer]> => {
      const out = join(installed, 'planned');
      const words = [
        'explain',
        picture,
        '--model',
        model,
        '--device',
        'native',
        '--threads',
        '2',
        '--out',
        out,
      ];
      const env = { ...process.env, XDG_CACHE_HOME: cache };
      const outcome = await run(process.execPath, [join(bin(), 'main.cjs'), ...words], {
        cwd: installed,
        env,
      });
      const [panel] = (await readdir(out)).filter((name) => name.endsWith('.png'));
      const bytes = await readFile(join(out, panel));
      await rm(out, { recursive: true });
      return [{ ...outcome, stdout: outcome.stdout.replace(/[\d.]+ m?s\b/g, 'a while') }, bytes];
    };
    const first = await explained();
    expect(first).toMatchObject([{ status: 0, stderr: '' }, {}]);
    const [plan, ...others] = await readdir(plans);
    expect(others).toEqual([]);
    const { mtimeMs } = await stat(join(plans, plan));
    expect(await explained()).toEqual(first);
    expect((await stat(join(plans, plan))).mtimeMs).toBe(mtimeMs);
    await writeFile(join(plans, plan), '{}');
    expect(await explained()).toEqual(first);
    await rm(cache, { recursive: true });
    await writeFile(cache, 'where no folder can be');
    expect(await explained()).toEqual(first);
  });

  test('finds packages of their own, with and without it', async () => {
    const picture = join(packageFolder, 'examples', 'chelsea.png');
    const jpeg = join(installed, 'picture.jpg');
    const { default: sharp } = await import('sharp');
    await sharp(picture).jpeg().toFile(jpeg);
    const model = join(packageFolder, 'weights', 'vit_scenes_patch8_72.safetensors');
    const out = join(installed, 'out');
    const words = ['explain', jpeg, '--method', 'rollout', '--model', model, '--out', out];
    const explained = (): Promise<Outcome> =>
      run(process.execPath, [join(bin(), 'main.cjs'), ...words], { cwd: installed });
    expect(await explained()).toMatchObject({ status: 0, stderr: '' });
    for (const cache of await caches()) await rm(cache);
    expect(await explained()).toMatchObject({ status: 0, stderr: '' });
  });
});
