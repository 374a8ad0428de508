import {
  curvesOf,
  measures,
  randomBaseline,
  readClass,
  RemovalPlan,
  uniformBaseline,
  type Curves,
  type ReadClass,
  type StepReading,
} from '../evaluate/index.js';
import { classOfRank } from '../explain/index.js';
import type { PatchMap, Preprocessed } from '../image/index.js';
import type { ComputedMap, ExplainedPicture, ReadyPicture } from './explainer.js';
import type { Remover } from './remover.js';

/** What taking patches away says of a map: by name of the measure. */
export type Scores = Readonly<Record<string, number>>;

/** Whether a map can be believed: what became of its class when what it points at was taken away. */
export interface Appraisal {
  /** The class that was read: the map's own, or the most probable one for a map of no class. */
  readonly class: ReadClass;
  readonly scores: Scores;
  /** The same of maps that know nothing of the picture. */
  readonly random: Scores;
  readonly uniform: Scores;
  /** The probability of the class: of the whole picture, and without a tenth of its patches. */
  readonly tenth: { readonly whole: number; readonly warmest: number; readonly random: number };
}

/** Of the random map, the same for all pictures. */
const SEED = 1;
const TENTH = 0.1;

/** Adds to each single map of a picture what taking patches away says of it. All of them are one list of states. */
export async function appraise(
  explained: ExplainedPicture,
  ready: ReadyPicture,
  remover: Remover,
  signal?: AbortSignal,
): Promise<ExplainedPicture> {
  const appraisals = new Map<ComputedMap, Appraisal>();
  for (const form of ready) {
    const maps = explained.maps.filter(({ captions, geometry }) => !captions && geometry === form.geometry);
    const classes = maps.map((map) => classReadOf(map, explained));
    for (const [i, found] of (await appraiseForm(maps, classes, form, remover, signal)).entries()) {
      appraisals.set(maps[i], found);
    }
  }
  return {
    ...explained,
    maps: explained.maps.map((map) => {
      const appraisal = appraisals.get(map);
      return appraisal ? { ...map, appraisal } : map;
    }),
  };
}

async function appraiseForm(
  maps: readonly ComputedMap[],
  classes: readonly ReadClass[],
  form: Preprocessed,
  remover: Remover,
  signal: AbortSignal | undefined,
): Promise<readonly Appraisal[]> {
  if (maps.length === 0) return [];
  const plan = new RemovalPlan();
  const [{ grid }] = maps;
  const baselines = { random: randomBaseline(grid, SEED), uniform: uniformBaseline(grid) };
  const [random, uniform, ...own] = [baselines.random, baselines.uniform, ...maps].map((map: PatchMap) => ({
    map,
    steps: plan.add(map),
    tenth: plan.addTop(map, TENTH),
  }));
  const logits = await remover.run(form.values, plan.states, signal);
  return own.map((map, i) => {
    const readings = logits.map((one) => readClass(one, classes[i]));
    const scoresOf = ({ steps, map: of }: typeof map): Scores =>
      scoresOfCurves(of, curvesOf(steps, readings));
    return {
      class: classes[i],
      scores: scoresOf(map),
      random: scoresOf(random),
      uniform: scoresOf(uniform),
      tenth: {
        whole: probabilityOf(readings[map.steps.mostFirst[0]]),
        warmest: probabilityOf(readings[map.tenth]),
        random: probabilityOf(readings[random.tenth]),
      },
    };
  });
}

function probabilityOf({ probability }: StepReading): number {
  return probability!;
}

function scoresOfCurves(map: PatchMap, patches: Curves): Scores {
  const found = measures
    .filter(({ needs }) => needs === 'patches')
    .map(({ name, of }) => [name, of({ map, patches })] as const);
  return Object.fromEntries(found.filter((one): one is [string, number] => one[1] !== undefined));
}

/** A map of no class is read by that of the others, or by the most probable one. */
function classReadOf({ target }: ComputedMap, { logits, maps }: ExplainedPicture): ReadClass {
  const known = target ?? maps.find((map) => map.target)?.target;
  switch (known?.kind) {
    case 'class':
      return { index: known.index };
    case 'contrast':
      return { index: known.index, against: known.against };
    default:
      return { index: classOfRank(logits, 0) };
  }
}

/** The measures that people are told; a document has all. */
export const toldMeasures = measures.filter(({ name }) => ['deletion', 'insertion', 'srg'].includes(name));

/** One plain sentence about it. @param label of its class */
export function inOneSentence({ tenth }: Appraisal, label: string): string {
  const { whole, warmest, random } = tenth;
  const verb = warmest < whole ? 'lowers' : warmest > whole ? 'raises' : 'leaves';
  const from = verb === 'leaves' ? 'at' : `from ${percent(whole)} to`;
  return (
    `taking away the warmest tenth ${verb} the probability of ${label} ${from} ${percent(warmest)}; ` +
    `a random tenth ${random === whole ? 'leaves it at' : 'brings it to'} ${percent(random)}`
  );
}

/** Whole percents, but for what would read 0 or 100 and is not. */
function percent(share: number): string {
  const value = 100 * share;
  if (value > 0 && value < 0.05) return 'less than 0.1 %';
  if (value < 100 && value > 99.95) return 'more than 99.9 %';
  const isClose = (value > 0 && value < 0.5) || (value > 99.5 && value < 100);
  return `${value.toFixed(isClose ? 1 : 0)} %`;
}
