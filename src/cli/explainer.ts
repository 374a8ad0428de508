import type { Backend } from '../compiler/backend.js';
import { buildPlan, Program } from '../compiler/compile.js';
import { classOfRank, isSigned, relevantOptions } from '../explain/index.js';
import { captioned, overlay } from '../image/index.js';
import { mostProbable, shortLabel } from '../models/index.js';
import {
  encodePng,
  openBackend,
  writeFilesAtomically,
  type LoadedModel,
  type OpenedModel,
} from '../node/index.js';
import type { Values } from '../tensor/index.js';
import { demoCaption, inWords } from './demo-model.js';
import type { Explanation, ExplanationDocument } from './document.js';
import type { ExplainOptions } from './explain-options.js';
import { buildGraph, type PlannedMap } from './graph.js';
import type { OpenedPicture } from './opened-picture.js';
import { overlayFile, type ResultFiles } from './results.js';

/** A loaded model and a compiled program that explain any number of pictures. */
export class Explainer {
  private constructor(
    private readonly options: ExplainOptions,
    private readonly loaded: LoadedModel,
    readonly backend: Backend,
    /** Why this backend, if it was not asked for. */
    readonly reason: string | undefined,
    private readonly program: Program,
    private readonly maps: readonly PlannedMap[],
    private readonly times: { readonly load_ms: number; readonly compile_ms: number },
  ) {}

  static async create(options: ExplainOptions, opened: OpenedModel): Promise<Explainer> {
    const start = performance.now();
    const { backend, reason } = await openBackend(options.device, options);
    try {
      // Planned while the weights are read: a plan depends on shapes alone.
      const planStart = performance.now();
      const { logits, maps } = buildGraph(opened.model, options);
      const outputs = { logits, ...Object.fromEntries(maps.map(({ output, tensor }) => [output, tensor])) };
      const plan = buildPlan(outputs, undefined, backend.fusions);
      const planned = performance.now();
      const loaded = { ...opened, weights: await opened.weights };
      const loadStart = performance.now();
      const program = new Program(plan, await backend.load(plan));
      const end = performance.now();
      const compile_ms = planned - planStart + (end - loadStart);
      const times = { load_ms: end - start - compile_ms, compile_ms };
      return new Explainer(options, loaded, backend, reason, program, maps, times);
    } catch (error) {
      backend.destroy();
      throw error;
    }
  }

  /**
   * Explains one picture and writes its files, or none; the document takes its name last, so that whoever finds it
   * finds what it names.
   */
  async explain({ path, content }: OpenedPicture, files: ResultFiles): Promise<ExplanationDocument> {
    const start = performance.now();
    const { picture, values: image, geometry } = await content;
    const runStart = performance.now();
    const running = this.program.run({ image });
    // What takes a while and needs no device.
    const sha256 = this.loaded.weights.sha256();
    const results = await running;
    const run_ms = performance.now() - runStart;
    const explanations = this.maps.map((map) => this.describe(map, results, files));
    const drawn = explanations.map(({ method, values, grid, file }) => {
      const fitting = isSigned(method, this.options.method) ? 'rdbu_r' : 'turbo';
      const colormap = this.options.colormap ?? fitting;
      const heat = overlay(picture, { values, grid }, geometry, { colormap });
      return { path: file, data: encodePng(this.loaded.fallback ? captioned(heat, demoCaption) : heat) };
    });
    const { load_ms, compile_ms } = this.times;
    const { name, weights, labels, fallback } = this.loaded;
    const document: ExplanationDocument = {
      image: { path, width: picture.width, height: picture.height },
      model: {
        name,
        weights: weights.path,
        sha256,
        ...(fallback ? { note: `This is ${inWords(fallback)}. For DeiT-tiny, ${fallback.remedy}.` } : {}),
      },
      device: { backend: this.backend.name, adapter: this.backend.adapter },
      predictions: mostProbable(results['logits'], labels, 5),
      explanations,
      timings: { load_ms, compile_ms, run_ms, total_ms: load_ms + compile_ms + performance.now() - start },
    };
    const json = { path: files.document, data: `${JSON.stringify(document, null, 1)}\n` };
    await writeFilesAtomically([...drawn, json]);
    return document;
  }

  close(): void {
    this.program.dispose();
    this.backend.destroy();
  }

  /** One map with everything that must be told about it. */
  private describe(
    { method, target, output }: PlannedMap,
    results: Readonly<Record<string, Values>>,
    files: ResultFiles,
  ): Explanation {
    const { method: methodOptions, layers } = this.options;
    const against = target?.kind === 'contrast' ? target.against : undefined;
    const index =
      target?.kind === 'rank' ? classOfRank(results['logits'], target.rank) : (target?.index ?? null);
    const className =
      index === null ? undefined : [index, against].filter((part) => part !== undefined).join('-');
    return {
      method,
      class: index,
      ...(index === null ? {} : { label: shortLabel(this.loaded.labels[index]) }),
      options: {
        ...relevantOptions(method, methodOptions),
        layers,
        ...(against === undefined ? {} : { against }),
      },
      grid: this.loaded.model.geometry.grid,
      values: Array.from(results[output]),
      file: overlayFile(files.stem, method, [className, methodOptions.compat]),
    };
  }
}
