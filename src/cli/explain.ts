import { access, constants, mkdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { UsageError, VitrineError } from '../errors.js';
import type { ExplanationDocument } from './document.js';
import type { ExplainOptions } from './explain-options.js';
import { Explainer } from './explainer.js';
import { toPerson } from './paths.js';

/**
 * Explains all pictures with one model and one program. A picture that fails is reported and the others are
 * still done.
 * @returns the exit status: 0, 1 if some pictures failed, 2 if all did
 */
export async function explainAll(options: ExplainOptions): Promise<number> {
  const explainer = await Explainer.create(options);
  let failures = 0;
  try {
    await prepareFolder(options.out);
    if (!options.json) printHeader(explainer, options);
    const stems = uniqueStems(options.images);
    for (const [position, path] of options.images.entries()) {
      try {
        const { document, file } = await explainer.explain(path, join(options.out, stems[position]));
        if (options.json) console.log(JSON.stringify(document));
        else printResult(document, file);
      } catch (error) {
        if (!(error instanceof VitrineError)) throw error;
        failures++;
        console.error(`vitrine: ${error.message}`);
      }
    }
  } finally {
    explainer.close();
  }
  if (failures > 0 && options.images.length > 1) {
    console.error(`vitrine: ${failures} of ${options.images.length} pictures could not be explained.`);
  }
  if (failures === 0) return 0;
  return failures < options.images.length ? 1 : 2;
}

/** Makes the folder for the results, or says why it cannot be used, before any picture is worked on. */
async function prepareFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    if (!(await stat(path)).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
    await access(path, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'EEXIST' || code === 'ENOTDIR'
        ? 'there is a file in its place'
        : `it cannot be written to (${code ?? String(error)})`;
    throw new UsageError(
      `The folder ${path} cannot hold the results: ${why}; choose another with --out DIR.`,
    );
  }
}

/**
 * File names without ending, for the results. Pictures that share a name keep their ending, and those that
 * still do are numbered, so that no result overwrites another.
 */
export function uniqueStems(paths: readonly string[]): string[] {
  const short = paths.map((path) => basename(path, extname(path)));
  const stems = paths.map((path, position) =>
    short.filter((other) => other === short[position]).length > 1 ? basename(path) : short[position],
  );
  const taken = new Set<string>();
  return stems.map((stem) => {
    let name = stem;
    for (let number = 2; taken.has(name); number++) name = `${stem}-${number}`;
    taken.add(name);
    return name;
  });
}

function printHeader({ backend, reason }: Explainer, { model }: ExplainOptions): void {
  console.log(`model   ${model}`);
  console.log(`device  ${backend.name}: ${backend.adapter}${reason === undefined ? '' : `; ${reason}`}`);
}

function printResult(document: ExplanationDocument, file: string): void {
  const { image, predictions, explanations, timings } = document;
  console.log(`\n${toPerson(image.path)} (${image.width} x ${image.height})`);
  for (const { index, label, probability } of predictions) {
    console.log(`  ${(100 * probability).toFixed(1).padStart(5)} %  ${label} (${index})`);
  }
  for (const { method, file: picture } of explanations) console.log(`  ${method}: ${toPerson(picture)}`);
  console.log(`  values: ${toPerson(file)}`);
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
  console.log(
    `  load ${seconds(timings.load_ms)}, compile ${seconds(timings.compile_ms)}, run ${seconds(timings.run_ms)}`,
  );
}
