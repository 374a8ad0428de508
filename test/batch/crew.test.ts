import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { join } from 'node:path';
import sharp from 'sharp';
import { CrewMember, type Workplace } from '../../src/batch/crew/member.js';
import type { PictureResult, PictureTask } from '../../src/batch/crew/pictures.js';
import { ownProcess } from '../../src/batch/crew/workplaces.js';
import { demoModel, scenesPreprocessing } from '../../src/index.js';
import { packageFolder } from '../cli/command.js';

/* Who works on pictures, and what becomes of those at which that comes to an end; processes are of the built package. */

const picture = (side: number): Promise<Buffer> =>
  sharp({ create: { width: side, height: side, channels: 3, background: 'red' } })
    .jpeg()
    .toBuffer();
const studio = {
  plan: { methods: [{ name: 'rollout', options: {} }], model: { preprocessing: scenesPreprocessing(72) } },
  config: demoModel.config,
};
const members: CrewMember<PictureTask, PictureResult>[] = [];
const member = (patience?: number) => {
  const one = new CrewMember<PictureTask, PictureResult>(ownProcess('pictures', studio), patience);
  members.push(one);
  return one;
};
const prepare = (bytes: Buffer) => ({ kind: 'prepare', bytes, name: 'a.jpg', keep: false }) as const;

let [fatal, endless, sound]: Buffer[] = [];
const before = { ...process.env };
beforeAll(async () => {
  [fatal, endless, sound] = await Promise.all([90, 200, 400].map(picture));
  Object.assign(process.env, {
    NODE_OPTIONS: `--require ${join(packageFolder, 'test/support/fatal-decoder.cjs')}`,
    FATAL_BYTES: String(fatal.length),
    ENDLESS_BYTES: String(endless.length),
  });
});
afterAll(async () => {
  process.env = before;
  await Promise.all(members.map((one) => one.stop()));
});

test('a process of its own reads pictures, and is begun again after one that ended it', async () => {
  const one = member();
  expect(await one.ask(prepare(sound))).toMatchObject({ width: 400, height: 400, forms: [{}] });
  await expect(one.ask(prepare(fatal))).rejects.toThrow('the process that worked on it was ended by SIGKILL');
  expect(await one.ask(prepare(sound))).toMatchObject({ width: 400 });
  await expect(one.ask(prepare(Buffer.from('no picture')))).rejects.toThrow(
    'a.jpg is not a picture that can be read',
  );
}, 60_000);

test('what never comes to an end is given up', async () => {
  await expect(member(1000).ask(prepare(endless))).rejects.toThrow(
    'it did not come to an end within 1 seconds',
  );
}, 60_000);

test('whoever is given up is ended, with all that waited, and another takes the next task', async () => {
  let [begun, ended] = [0, 0];
  const silent = new CrewMember<string, string>((hear): Workplace => {
    const isFirst = begun++ === 0;
    return {
      post: ({ id, task }) => {
        if (!isFirst) hear({ id, result: task });
      },
      hold: () => undefined,
      end: () => Promise.resolve(ended++),
    };
  }, 20);
  const both = await Promise.allSettled([silent.ask('a'), silent.ask('b')]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect([await silent.ask('c'), begun, ended]).toEqual(['c', 2, 1]);
});
