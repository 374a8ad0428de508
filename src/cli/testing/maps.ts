import { join } from 'node:path';
import type { Backend } from '../../compiler/backend.js';
import { UsageError, VitrineError } from '../../errors.js';
import type { AnyMethod } from '../../explain/index.js';
import { gradientRollout, rollout, tokenGradcam } from '../../explain/methods.js';
import type { Picture } from '../../image/index.js';
import type { VisionTransformerConfig } from '../../models/index.js';
import {
  encodePng,
  loadModel,
  openTested,
  writeFilesAtomically,
  type DataRequest,
} from '../../node/index.js';
import { chooseMethods, definedOn, Explainer } from '../../pipeline/index.js';
import { mapStrip, rasterise } from '../../report/index.js';
import type { LabelledPictures } from '../../train/index.js';
import { makeFolder } from '../results-folder.js';

/** So many pictures are shown, of different classes as far as there are. */
const SHOWN = 8;

export interface Shown {
  readonly picture: Picture;
  readonly label: number;
}

/** Draws what a model looks at while it learns, always of the same pictures, none of which it learns from. */
export class TrainingMaps {
  private constructor(
    private readonly methods: readonly AnyMethod[],
    private readonly shown: readonly Shown[],
    private readonly labels: readonly string[],
    private readonly folder: string,
  ) {}

  /**
   * @param folder of the training, in which one for the strips is made
   * @throws UsageError if no method is defined on such a model
   */
  static async open(
    request: DataRequest,
    config: VisionTransformerConfig,
    labels: readonly string[],
    folder: string,
  ): Promise<TrainingMaps> {
    const methods = drawnOn(config);
    return new TrainingMaps(
      methods,
      await someOf(await openTested(request), SHOWN),
      labels,
      join(folder, 'maps'),
    );
  }

  /** @param file the model as it is at a step */
  async draw(file: string, step: number, backend: Backend): Promise<void> {
    const { model, preprocessing } = await loadModel({ name: file });
    const methods = chooseMethods(this.methods, {}, model.config);
    const explainer = await Explainer.create({ model, preprocessing }, backend, { methods });
    try {
      const pictures = [];
      for (const { picture, label } of this.shown) {
        const ready = explainer.makeReady(picture);
        const [{ maps }] = await explainer.explain([ready], [[{ kind: 'class', index: label }]]);
        pictures.push({ picture, geometry: ready[0].geometry, caption: this.labels[label], maps });
      }
      const title = `Step ${step}: ${this.methods.map(({ name }) => name).join(', ')}`;
      await makeFolder(this.folder);
      const path = join(this.folder, `step-${String(step).padStart(7, '0')}.png`);
      await writeFilesAtomically([{ path, data: encodePng(rasterise(mapStrip(title, pictures))) }]);
    } finally {
      explainer.dispose();
    }
  }
}

/** Rollout and gradient rollout, or where they are undefined what has one map of a class all the same. */
function drawnOn(config: VisionTransformerConfig): readonly AnyMethod[] {
  const isDefined = definedOn(config);
  const found = [[rollout, gradientRollout], [tokenGradcam]]
    .map((methods) => methods.filter(isDefined))
    .find((methods) => methods.length > 0);
  if (found) return found;
  throw new UsageError('No map can be drawn of such a model; leave out "mapsEvery", or set it to 0.');
}

/** The first that can be read of each class, until there are enough, then the second. */
export async function someOf(pictures: LabelledPictures, wanted: number): Promise<readonly Shown[]> {
  const places = new Map<number, number>();
  const order = Array.from(pictures.labels, (label, index) => {
    const place = places.get(label) ?? 0;
    places.set(label, place + 1);
    return { index, label, place };
  }).sort((a, b) => a.place - b.place || a.label - b.label);
  const found: Shown[] = [];
  for (const { index, label } of order) {
    if (found.length === wanted) break;
    try {
      found.push({ picture: await pictures.picture(index), label });
    } catch (error) {
      if (!(error instanceof VitrineError)) throw error;
    }
  }
  return found;
}
