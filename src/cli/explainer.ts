import type { Backend } from '../compiler/backend.js';
import { compile, type Program } from '../compiler/compile.js';
import { rollout } from '../explain/index.js';
import { overlay, preprocess } from '../image/index.js';
import { mostProbable } from '../models/index.js';
import { record } from '../nn/index.js';
import {
  encodePng,
  loadModel,
  openBackend,
  readPicture,
  writeFilesAtomically,
  type LoadedModel,
} from '../node/index.js';
import { input } from '../tensor/index.js';
import type { ExplanationDocument } from './document.js';
import type { ExplainOptions } from './explain-options.js';
import type { ResultFiles } from './results.js';

/** A loaded model and a compiled program that explain any number of pictures. */
export class Explainer {
  private constructor(
    private readonly options: ExplainOptions,
    private readonly loaded: LoadedModel,
    readonly backend: Backend,
    /** Why this backend, if it was not asked for. */
    readonly reason: string | undefined,
    private readonly program: Program<'logits' | 'map'>,
    private readonly times: { readonly load_ms: number; readonly compile_ms: number },
  ) {}

  static async create(options: ExplainOptions): Promise<Explainer> {
    const start = performance.now();
    const loaded = await loadModel({ name: options.model, weights: options.weights });
    const { backend, reason } = await openBackend(options.device, options.adapter);
    const opened = performance.now();
    try {
      const { model } = loaded;
      const { channels, imageSize } = model.config;
      const image = input('image', [1, channels, imageSize, imageSize]);
      const { output: logits, recorded } = record(model, image, /attn_drop$/);
      const map = rollout([...recorded.values()], model.geometry, options.rollout);
      const program = await compile({ logits, map }, backend);
      const times = { load_ms: opened - start, compile_ms: performance.now() - opened };
      return new Explainer(options, loaded, backend, reason, program, times);
    } catch (error) {
      backend.destroy();
      throw error;
    }
  }

  /**
   * Explains one picture and writes its two files, or neither; the document takes its name last, so that whoever
   * finds it finds what it names.
   */
  async explain(path: string, files: ResultFiles): Promise<ExplanationDocument> {
    const start = performance.now();
    const { model } = this.loaded;
    const picture = await readPicture(path);
    const { values, geometry } = preprocess(picture);
    const runStart = performance.now();
    const { logits, map } = await this.program.run({ image: values });
    const run_ms = performance.now() - runStart;
    const { grid } = model.geometry;
    const { method, rollout: options, colormap } = this.options;
    const drawn = overlay(picture, { values: map, grid }, geometry, { colormap });
    const { load_ms, compile_ms } = this.times;
    const document: ExplanationDocument = {
      image: { path, width: picture.width, height: picture.height },
      model: {
        name: this.loaded.name,
        weights: this.loaded.weights.path,
        sha256: this.loaded.weights.sha256,
      },
      device: { backend: this.backend.name, adapter: this.backend.adapter },
      predictions: mostProbable(logits, this.loaded.labels, 5),
      explanations: [
        {
          method,
          class: null,
          options,
          grid,
          values: Array.from(map),
          file: files.overlay,
        },
      ],
      timings: { load_ms, compile_ms, run_ms, total_ms: load_ms + compile_ms + performance.now() - start },
    };
    await writeFilesAtomically([
      { path: files.overlay, data: encodePng(drawn) },
      { path: files.document, data: `${JSON.stringify(document, null, 1)}\n` },
    ]);
    return document;
  }

  close(): void {
    this.program.dispose();
    this.backend.destroy();
  }
}
