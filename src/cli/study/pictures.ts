import type { Backend } from '../../compiler/backend.js';
import { combinedAttention, define } from '../../explain/index.js';
import { attentionGradient } from '../../explain/methods.js';
import { sizesOf } from '../../models/index.js';
import { loadModel, openParts, TrainingFiles } from '../../node/index.js';
import { chooseMethods, Explainer } from '../../pipeline/index.js';
import type { MappedPicture } from '../../report/index.js';
import { someOf, type Shown } from '../testing/maps.js';
import { folderOf, requestOf, type StudyOptions } from './options.js';
import type { PlannedRun } from './plan.js';

/** The half of `attention-gradient` that knows of no class. */
const attention = define({
  name: 'combined-attention',
  explains: 'where the query looks in all blocks together',
  source: attentionGradient.source,
  of: 'pass',
  options: () => ({}),
  map: combinedAttention,
});

/** What is drawn of each picture. */
export const drawnMaps = ['attention', 'saliency'] as const;

/** The pictures that the maps of a study are of: none of them was learned from. */
export async function shownPictures(options: StudyOptions): Promise<readonly Shown[]> {
  const { plan } = options;
  return someOf((await openParts(requestOf(options, plan.runs[0]))).test, plan.pictures);
}

/** What the model of a run looks at in pictures, and what speaks for what they show; no maps of one without attention matrices. */
export async function mapsOf(
  options: StudyOptions,
  run: PlannedRun,
  shown: readonly Shown[],
  backend: Backend,
): Promise<readonly MappedPicture[]> {
  const { model, preprocessing, labels } = await loadModel({
    name: new TrainingFiles(folderOf(options, run)).model,
  });
  const drawn = sizesOf(model.config).withoutAttention ? [] : [attention, attentionGradient];
  const methods = chooseMethods(drawn, {}, model.config);
  const explainer = await Explainer.create({ model, preprocessing }, backend, { methods });
  const found: MappedPicture[] = [];
  try {
    for (const { picture, label } of shown) {
      const ready = explainer.makeReady(picture);
      const [{ maps }] = await explainer.explain([ready], [[{ kind: 'class', index: label }]]);
      found.push({ picture, geometry: ready[0].geometry, caption: labels[label], maps });
    }
  } finally {
    explainer.dispose();
  }
  return found;
}
