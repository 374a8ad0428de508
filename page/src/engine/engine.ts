import {
  chooseMethods,
  completed,
  defaultMethods,
  defaultMethodsOf,
  documentOf,
  Explainer,
  findMethod,
  mostProbable,
  parameterCount,
  preprocess,
  preprocessingsOf,
  resize,
  shortLabel,
  sizesOf,
  UsageError,
  whyFlat,
  whyNoNumbers,
  whyUndefined,
  type AblatedPicture,
  type Backend,
  type ClassTarget,
  type ComputedMap,
  type ExplainedPicture,
  type ExplanationDocument,
  type Picture,
  type Prediction,
  type Preprocessed,
  type Preprocessing,
  type Values,
} from 'vitrine';
import { readPicture, type PictureOfPage } from 'vitrine/web';
import type {
  Adaptation,
  DeviceChoice,
  DeviceFacts,
  HeadPlace,
  InsideAnswer,
  MapAnswer,
  MapFacts,
  MapQuestion,
  ModelFacts,
  ModelPlace,
  PictureFacts,
  Progress,
  TourAnswer,
} from '../protocol.js';
import type { PictureContent } from 'vitrine/web';
import { openDevice, type OpenedDevice } from './device.js';
import { blocksAround, Inside, withoutHeads } from './inside.js';
import { describeMethods, firstMethodsOf } from './methods.js';
import { findModel, loadModel, type FoundModel, type LoadedModel } from './models.js';
import { Recent } from './recent.js';
import { TourProgram } from './tour.js';
import { inTurns } from './turns.js';

/** How a call may be called off, and says how far it is. */
export interface Watching {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** Programs that stay compiled: as many as a person goes back and forth between. */
const programsKept = 6;

/** Of what is drawn on the page, pixels. */
const longestShown = 1200;

/** Probabilities that the page lists. */
const predictionsTold = 8;

/** Device, model and picture, and what was compiled for them. */
export class Engine {
  #device: OpenedDevice | undefined;
  #backend: Backend | undefined;
  #base = '';
  #found: FoundModel | undefined;
  #model: LoadedModel | undefined;
  #picture: PictureOfPage | undefined;
  /** The picture, by how it was made ready. */
  readonly #ready = new Map<string, Preprocessed>();
  #last: Told | undefined;
  #compile_ms = 0;
  #load_ms = 0;
  readonly #explainers = new Recent<Explainer>(programsKept);
  readonly #insides = new Recent<Inside>(2);
  readonly #tours = new Recent<TourProgram>(1);

  async openDevice(choice: DeviceChoice, base: string): Promise<DeviceFacts> {
    this.#base = base;
    const device = await openDevice(choice, base);
    this.#forgetPrograms();
    this.#device?.backend.destroy();
    this.#device = device;
    // A document would have the old device's numbers under the new one's name.
    this.#last = undefined;
    this.#backend = inTurns(device.backend);
    const { backend, reason } = device;
    return { backend: backend.name, adapter: backend.adapter, reason };
  }

  /** @param place the model that is there, adapted, if left out */
  async openModel(
    place: ModelPlace | undefined,
    adaptation: Adaptation,
    { signal, onProgress }: Watching,
  ): Promise<ModelFacts> {
    const start = performance.now();
    const wish = { base: this.#base, signal, onProgress };
    const found = place ? await findModel(place, wish) : (this.#found ?? lacks('model'));
    const loaded = await loadModel(found, adaptation);
    signal.throwIfAborted();
    this.#found = found;
    this.#load_ms = performance.now() - start;
    this.#forgetPrograms();
    this.#model = loaded;
    this.#ready.clear();
    this.#last = undefined;
    const { model, name, output, labels, licence, concluded } = loaded;
    const { config, geometry } = model;
    return {
      ...{ name, output, licence, concluded },
      ...{ depth: config.depth, heads: config.heads, width: config.width },
      headWidth: sizesOf(config).headWidth,
      labels: labels.map(shortLabel),
      prefixTokens: geometry.prefixTokens,
      grid: geometry.grid,
      imageSize: completed(config).imageSize,
      parameters: parameterCount(config),
      hasAttention: !sizesOf(config).withoutAttention,
      methods: describeMethods(config),
      firstMethods: firstMethodsOf(config),
      undefinedMethods: whyUndefined(defaultMethods, config),
      // Of a class: what was looked at is the same for all.
      usualMethod: defaultMethodsOf(config).find((method) => method.of === 'class')!.name,
    };
  }

  /** @param content the picture that is there, for another model, if left out */
  async openPicture(content: PictureContent | undefined, name: string): Promise<PictureFacts> {
    const picture: PictureOfPage = content ? await readPicture(content, name) : this.picture;
    this.#picture = picture;
    this.#ready.clear();
    this.#last = undefined;
    const { crop, geometry } = this.ready;
    const { width, height } = geometry.original;
    return { name, width, height, shown: smaller(picture), seen: crop, geometry, note: picture.note };
  }

  async map(question: MapQuestion, { signal, onProgress }: Watching): Promise<MapAnswer> {
    const { model, backend } = this;
    const { method, options, target, score, without } = question;
    const chosen = chooseMethods([findMethod(method)], options, model.model.config);
    const key = JSON.stringify([method, chosen[0].options, score]);
    const explainer = await this.#explainers.get(key, () =>
      this.#timed(() => {
        onProgress({ stage: 'compile', done: 0, total: 1 });
        return Explainer.create(model, backend, {
          methods: chosen,
          features: model.output !== 'classes',
          ranks: 1,
          ablation: true,
          score,
        });
      }),
    );
    signal.throwIfAborted();
    onProgress({ stage: 'explain', done: 0, total: 1 });
    const ready = preprocessingsOf(chosen, model.preprocessing).map((one) => this.#madeReady(one));
    const given = chosen[0].method.of === 'class' ? [target] : [];
    const start = performance.now();
    const run = async (
      targets: readonly ClassTarget[],
      heads: readonly HeadPlace[],
    ): Promise<ExplainedPicture> => {
      const ablations = [withoutHeads(model.model, heads)];
      const [found] = await explainer.explain([ready], [targets], { signal, ablations });
      return found;
    };
    const known = this.#last?.whole(key, given);
    const whole = known ?? (await run(given, []));
    const resolved = whole.maps[0].target;
    const lacking = without.length === 0 ? undefined : await run(resolved ? [resolved] : [], without);
    const run_ms = performance.now() - start;
    this.#last = new Told(JSON.stringify(question), key, given, whole, lacking, without, run_ms);
    const shown = (lacking ?? whole).maps[0];
    return {
      map: this.#facts(shown),
      predictions: this.#predictions(whole.logits),
      logits: Float32Array.from(whole.logits),
      after: lacking && Float32Array.from(lacking.logits),
      run_ms,
    };
  }

  async inside(block: number, without: readonly HeadPlace[], { signal }: Watching): Promise<InsideAnswer> {
    const { model, backend } = this;
    const blocks = blocksAround(model.model, block);
    const inside = await this.#insides.get(blocks.join('-'), () =>
      Inside.create(model.model, backend, blocks),
    );
    signal.throwIfAborted();
    return inside.look(this.ready, without);
  }

  async tour(block: number, { signal }: Watching): Promise<TourAnswer> {
    const { model, backend } = this;
    const tour = await this.#tours.get(String(block), () => TourProgram.create(model.model, backend, block));
    signal.throwIfAborted();
    return tour.look(this.ready);
  }

  /** What the command writes of a map, which is made again if another one was made since. */
  async document(question: MapQuestion, watching: Watching): Promise<ExplanationDocument> {
    if (this.#last?.question !== JSON.stringify(question)) await this.map(question, watching);
    const told = this.#last ?? lacks('map');
    const { name, weights, sha256, concluded, labels, output } = this.model;
    const { width, height } = this.ready.geometry.original;
    const { note } = this.picture;
    const [load_ms, compile_ms] = [this.#load_ms, this.#compile_ms];
    return documentOf(
      told.explained,
      output === 'classes' ? labels : [],
      {
        image: { width, height, ...(note === undefined ? {} : { note }) },
        model: { name, weights, sha256: await sha256(), ...(concluded.length === 0 ? {} : { concluded }) },
        device: { backend: this.backend.name, adapter: this.backend.adapter },
        timings: { load_ms, compile_ms, run_ms: told.run_ms, total_ms: load_ms + compile_ms + told.run_ms },
      },
      [],
      told.ablated,
    );
  }

  private get model(): LoadedModel {
    return this.#model ?? lacks('model');
  }

  private get backend(): Backend {
    return this.#backend ?? lacks('device');
  }

  private get picture(): PictureOfPage {
    return this.#picture ?? lacks('picture');
  }

  /** The picture as the model asks for it. */
  private get ready(): Preprocessed {
    return this.#madeReady(this.model.preprocessing);
  }

  /** Made once for all maps of a picture. */
  #madeReady(preprocessing: Preprocessing): Preprocessed {
    const key = JSON.stringify(preprocessing);
    const ready = this.#ready.get(key) ?? preprocess(this.picture, preprocessing);
    this.#ready.set(key, ready);
    return ready;
  }

  async #timed<Made>(make: () => Promise<Made>): Promise<Made> {
    const start = performance.now();
    const made = await make();
    this.#compile_ms = performance.now() - start;
    return made;
  }

  #forgetPrograms(): void {
    for (const programs of [this.#explainers, this.#insides, this.#tours]) programs.clear();
  }

  #facts(map: ComputedMap): MapFacts {
    const { method, options, target, grid, values, geometry, captions, readings } = map;
    const wrong = whyNoNumbers(map);
    if (wrong !== undefined) throw new UsageError(`${wrong}.`);
    return {
      ...{ options, target, grid, geometry, captions },
      method: method.name,
      shows: method.shows(options),
      values: Float32Array.from(values),
      readings:
        captions &&
        readings &&
        captions.map((_, i) => this.#predictions(partOf(readings, i, captions.length))),
      note: whyFlat(map),
    };
  }

  #predictions(logits: Values): readonly Prediction[] {
    const { output, labels } = this.model;
    return output === 'classes' ? mostProbable(logits, labels, predictionsTold) : [];
  }
}

/** A map that was made, as a document tells of it. */
class Told {
  constructor(
    readonly question: string,
    private readonly program: string,
    private readonly targets: readonly ClassTarget[],
    readonly explained: ExplainedPicture,
    private readonly lacking: ExplainedPicture | undefined,
    private readonly without: readonly HeadPlace[],
    readonly run_ms: number,
  ) {}

  /** With all heads, if it was made by that program for these targets: what heads are knocked out of need not be made again. */
  whole(program: string, targets: readonly ClassTarget[]): ExplainedPicture | undefined {
    const same = program === this.program && JSON.stringify(targets) === JSON.stringify(this.targets);
    return same ? this.explained : undefined;
  }

  get ablated(): AblatedPicture | undefined {
    if (!this.lacking) return undefined;
    const { logits, maps } = this.lacking;
    return {
      names: this.without.map(([block, head]) => `blocks.${block}.attn:${head}`),
      by: 'zero',
      logits,
      maps,
    };
  }
}

function lacks(what: string): never {
  throw new UsageError(`There is no ${what} yet.`);
}

function partOf(values: Values, number: number, count: number): Values {
  const size = values.length / count;
  return values.slice(number * size, (number + 1) * size);
}

/** Of a size that is drawn quickly. */
function smaller(picture: Picture): Picture {
  const { width, height } = picture;
  const scale = longestShown / Math.max(width, height);
  if (scale >= 1) return { width, height, data: picture.data, ...reduced(picture) };
  const side = (pixels: number): number => Math.max(1, Math.round(pixels * scale));
  return {
    ...resize(picture, side(width), side(height)),
    reducedFrom: picture.reducedFrom ?? { width, height },
  };
}

function reduced({ reducedFrom }: Picture): Pick<Picture, 'reducedFrom'> {
  return reducedFrom === undefined ? {} : { reducedFrom };
}
