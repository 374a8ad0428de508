import {
  compile,
  DeviceError,
  input,
  matmul,
  possibleVariants,
  type Tensor,
  type Variants,
  type WebGPUBackend,
} from 'vitrine';
import { openWebGPU, tuningFile, writeTuning } from 'vitrine/node';
import { describeMachine, machineInWords } from './machine.js';
import type { BenchOptions } from './options.js';
import { profileSteps, stepMedians } from './profile.js';
import { makeReport, type Report } from './report.js';
import { digits, table } from './table.js';
import { explanationGraph, randomImages, randomModel } from './workloads.js';

/** Milliseconds that a choice of kernels takes, by what it is chosen for. */
interface Candidate {
  readonly part: string;
  readonly name: string;
  readonly milliseconds: number;
}

type RowChoice = Pick<Variants, 'row' | 'rowLanes'>;

/** Blocks of the model: one that is computed whole, and the last one, of which only the class token's row is. */
const DEPTH = 2;

/** Eight images' tokens through the wide half of an MLP. */
const largeShape = { m: 8 * 197, k: 192, n: 768 };

/**
 * Measures on the adapter which kernels are the fastest, prints all, and keeps the choice for every later run on it.
 */
export async function tune(options: BenchOptions): Promise<Report> {
  const first = await openWebGPU(options.adapter);
  const { adapter, traits, variants: before } = first;
  first.destroy();
  console.log(`machine  ${machineInWords(describeMachine())}`);
  console.log(`adapter  ${adapter}`);
  const { products, rows } = possibleVariants(traits);

  const small: Candidate[] = [];
  const large: Candidate[] = [];
  for (const name of products) {
    const times = await measureWith({ ...before, product: name, largeProduct: name }, options);
    small.push({ part: 'products', name, milliseconds: times.products });
    large.push({ part: 'products of 8 images', name, milliseconds: times.largeProduct });
  }
  const product = fastest(small, products);
  const byRow: Candidate[] = [];
  for (const choice of rows) {
    const times = await measureWith({ ...before, product, largeProduct: product, ...choice }, options);
    byRow.push({ part: 'rows', name: rowName(choice), milliseconds: times.rows });
  }
  const chosen = {
    product,
    largeProduct: fastest(large, products),
    ...rows[byRow.indexOf(least(byRow))],
    measured: new Date().toISOString().slice(0, 10),
  };
  const candidates = [...small, ...large, ...byRow];
  print(candidates, before, chosen);
  await writeTuning(adapter, chosen);
  console.log(
    `\nkept in ${tuningFile()} for this adapter; delete the file to go back to the built-in choice`,
  );
  return makeReport(
    [adapter],
    candidates.map(({ part, name, milliseconds }) => ({
      name: `${part}: ${name}`,
      unit: 'ms',
      value: milliseconds,
    })),
    [chosen],
  );
}

/** What the parts of an explanation by two blocks take with these kernels. */
async function measureWith(
  variants: Variants,
  options: BenchOptions,
): Promise<{ products: number; rows: number; largeProduct: number }> {
  const backend = await openWebGPU(options.adapter, { variants });
  try {
    const model = randomModel(DEPTH);
    const image = randomImages(model, 1);
    const graph = explanationGraph(model, 1, { kind: 'rank', rank: 0 });
    const steps = await timeSteps(backend, graph, { image }, options);
    const total = (isPart: (kind: string) => boolean): number =>
      steps.filter(({ kind }) => isPart(kind)).reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    const { m, k, n } = largeShape;
    const y = matmul(input('a', [m, k]), input('b', [k, n]));
    const [large] = await timeSteps(
      backend,
      { y },
      { a: new Float32Array(m * k).fill(0.5), b: new Float32Array(k * n).fill(0.5) },
      options,
    );
    return {
      products: total((kind) => kind === 'matmul'),
      rows: total((kind) => kind !== 'matmul' && kind !== 'map'),
      largeProduct: large.milliseconds,
    };
  } finally {
    backend.destroy();
  }
}

async function timeSteps(
  backend: WebGPUBackend,
  graph: Record<string, Tensor>,
  inputs: Readonly<Record<string, Float32Array>>,
  { runs, warmup }: BenchOptions,
): Promise<{ kind: string; milliseconds: number }[]> {
  const program = await compile(graph, backend);
  try {
    const profiled = await profileSteps(program, inputs, { runs, warmup, milliseconds: 10_000 });
    if (!profiled) throw new DeviceError(`The adapter "${backend.adapter}" cannot measure single kernels.`);
    const medians = stepMedians(profiled.runs);
    return program.plan.steps.map(({ kind }, step) => ({ kind, milliseconds: medians[step] }));
  } finally {
    program.dispose();
  }
}

function least(candidates: readonly Candidate[]): Candidate {
  return candidates.reduce((best, each) => (each.milliseconds < best.milliseconds ? each : best));
}

function fastest<Name extends string>(candidates: readonly Candidate[], names: readonly Name[]): Name {
  return names[candidates.indexOf(least(candidates))];
}

function rowName({ row, rowLanes }: RowChoice): string {
  return `${row} of ${rowLanes}`;
}

function print(candidates: readonly Candidate[], before: Variants, chosen: Variants): void {
  const isOf = (variants: Variants, { part, name }: Candidate): boolean =>
    name ===
    { products: variants.product, 'products of 8 images': variants.largeProduct, rows: rowName(variants) }[
      part
    ];
  const rows = candidates.map((candidate) => [
    candidate.part,
    candidate.name,
    digits(candidate.milliseconds),
    [isOf(before, candidate) ? 'until now' : '', isOf(chosen, candidate) ? 'chosen' : '']
      .filter(Boolean)
      .join(', '),
  ]);
  const columns = [
    { title: 'of two blocks', align: 'left' },
    { title: 'kernel', align: 'left' },
    { title: 'ms' },
    { title: '', align: 'left' },
  ] as const;
  console.log(`\n${table(columns, rows)}`);
}
