import {
  compile,
  defaultModelName,
  DeviceError,
  findModel,
  input,
  matmul,
  possibleVariants,
  type Variants,
} from 'vitrine';
import { openWebGPU, tuningFile, writeTuning } from 'vitrine/node';
import { randomModel } from './models.js';
import type { BenchOptions } from './options.js';
import { profileSteps, stepMedians } from './profile.js';
import { machineInWords, makeReport, today, type Report } from './report.js';
import { sum } from './statistics.js';
import { digits, table } from './table.js';
import { explanationWork, type Workload } from './workloads.js';

/** Kernels that some work may be done by, and the milliseconds that it takes with them. */
interface Candidate {
  readonly part: string;
  readonly choice: Partial<Variants>;
  readonly milliseconds: number;
}

/** Blocks of the model, which is as DeiT-tiny otherwise: one that is computed whole, and the last one, of which only the class token's row is. */
const DEPTH = 2;

/** Eight images' tokens through the wide half of an MLP. */
const largeShape = { m: 8 * 197, k: 192, n: 768 };

/** Measures on the adapter which kernels are the fastest, prints all, and keeps the choice for every later run on it. */
export async function tune(options: BenchOptions): Promise<Report> {
  const first = await openWebGPU(options.adapter);
  const { adapter, traits, variants: before } = first;
  first.destroy();
  console.log(`machine  ${machineInWords()}`);
  console.log(`adapter  ${adapter}`);
  const { products, rows } = possibleVariants(traits);

  const small: Candidate[] = [];
  const large: Candidate[] = [];
  for (const product of products) {
    const times = await measureWith({ ...before, product, largeProduct: product }, options);
    const [choice, largeChoice] = [{ product }, { largeProduct: product }];
    small.push({ part: 'products', choice, milliseconds: times.products });
    large.push({ part: 'products of 8 images', choice: largeChoice, milliseconds: times.largeProduct });
  }
  const { product = before.product } = fastest(small);
  const byRow: Candidate[] = [];
  for (const choice of rows) {
    const times = await measureWith({ ...before, product, largeProduct: product, ...choice }, options);
    byRow.push({ part: 'rows', choice, milliseconds: times.rows });
  }
  const chosen = { ...before, product, ...fastest(large), ...fastest(byRow), measured: today() };
  const candidates = [...small, ...large, ...byRow];
  print(candidates, before, chosen);
  await writeTuning(adapter, chosen);
  console.log(
    `\nkept in ${tuningFile()} for this adapter; delete the file to go back to the built-in choice`,
  );
  const figures = candidates.map((candidate) => {
    return { name: `${candidate.part}: ${nameOf(candidate)}`, unit: 'ms', value: candidate.milliseconds };
  });
  return makeReport([adapter], figures, [chosen]);
}

/** What the parts of an explanation by two blocks, and one large product, take with these kernels. */
async function measureWith(
  variants: Variants,
  { adapter, runs, warmup }: BenchOptions,
): Promise<{ products: number; rows: number; largeProduct: number }> {
  const backend = await openWebGPU(adapter, { variants });
  /** Milliseconds of all steps that are of a kind. */
  const timeOf = async ({
    graph,
    inputs,
  }: Workload): Promise<(isOne: (kind: string) => boolean) => number> => {
    const program = await compile(graph, backend);
    const profiled = await profileSteps(program, inputs, { runs, warmup, milliseconds: 10_000 });
    if (!profiled) throw new DeviceError(`The adapter "${backend.adapter}" cannot measure single kernels.`);
    const medians = stepMedians(profiled);
    return (isOne) => sum(medians.filter((_, step) => isOne(profiled.steps[step].kind)));
  };
  try {
    const model = randomModel({ ...findModel(defaultModelName).config, depth: DEPTH });
    const ofModel = await timeOf(explanationWork(model, 1));
    const { m, k, n } = largeShape;
    const y = matmul(input('a', [m, k]), input('b', [k, n]));
    const operands = { a: new Float32Array(m * k).fill(0.5), b: new Float32Array(k * n).fill(0.5) };
    const ofProduct = await timeOf({ graph: { y }, inputs: operands });
    return {
      products: ofModel((kind) => kind === 'matmul'),
      rows: ofModel((kind) => kind !== 'matmul' && kind !== 'map'),
      largeProduct: ofProduct((kind) => kind === 'matmul'),
    };
  } finally {
    backend.destroy();
  }
}

function fastest(candidates: readonly Candidate[]): Partial<Variants> {
  return candidates.reduce((best, each) => (each.milliseconds < best.milliseconds ? each : best)).choice;
}

function nameOf({ choice }: Candidate): string {
  return Object.values(choice).join(' of ');
}

function print(candidates: readonly Candidate[], before: Variants, chosen: Variants): void {
  const isOf = (variants: Variants, { choice }: Candidate): boolean =>
    Object.entries(choice).every(([name, value]) => variants[name as keyof Variants] === value);
  const rows = candidates.map((candidate) => {
    const notes = [isOf(before, candidate) ? 'until now' : '', isOf(chosen, candidate) ? 'chosen' : ''];
    return {
      'of two blocks': candidate.part,
      kernel: nameOf(candidate),
      ms: digits(candidate.milliseconds),
      '': notes.filter(Boolean).join(', '),
    };
  });
  console.log(`\n${table(rows)}`);
}
