import { basename } from 'node:path';
import { DataError, UsageError } from '../../errors.js';
import { openLabelledSet, openModel, writeFilesAtomically, type OpenedSet } from '../../node/index.js';
import { joined, type LabelledPictures } from '../../train/index.js';
import { deviceInWords, openDevice } from '../device.js';
import { pictureProgress } from '../picture-progress.js';
import { classOf } from '../evaluation/pictures.js';
import { Interrupted, Interruption } from '../interruption.js';
import { complain, legibleJson, tell } from '../legible.js';
import { toPerson } from '../paths.js';
import { makeFolder, removeIfEmpty } from '../results-folder.js';
import { worthOf } from './classifier.js';
import { divisionOf } from './division.js';
import { checkTestOptions, type RawTestOptions, type TestedPart } from './options.js';
import { worthDocument, worthFiles, worthInLines } from './worth-in-words.js';

/**
 * Measures a model on a set.
 * @returns the exit status: 0, 1 if some pictures were left out, a shell's status if it was interrupted
 * @throws UsageError if the set shows what the model does not know
 */
export async function test(raw: RawTestOptions): Promise<number> {
  const options = checkTestOptions(raw);
  const opened = await openModel(options.model);
  const weights = await opened.weights;
  const set = await openLabelledSet(options.data, divisionOf(weights.metadata));
  if (opened.output !== 'classes') {
    throw new UsageError('test measures classes, and this model has none; choose one that has.');
  }
  const pictures = partOf(set, options.part);
  const classes = classesOf(set.classes, opened.labels);
  const made = await makeFolder(options.out);
  const interruption = new Interruption('stopping; nothing is written.');
  const progress = pictureProgress(pictures.labels.length);
  try {
    const device = await openDevice(options.device);
    try {
      const loaded = { ...opened, weights };
      if (!options.json) {
        tell(`model   ${loaded.name}`);
        tell(`device  ${deviceInWords(device)}`);
        for (const note of set.notes ?? []) tell(`data    ${note}`);
      }
      const worth = await worthOf(
        loaded,
        device.backend,
        { pictures, classes },
        {
          signal: interruption.signal,
          advance(count) {
            for (let i = 0; i < count; i++) progress.advance(true);
          },
        },
      );
      progress.stop();
      if (!worth) throw new DataError(`No picture of "${options.data}" can be read; look at them.`);
      const result = { model: loaded.name, data: basename(options.data), labels: loaded.labels, worth };
      await writeFilesAtomically(worthFiles(options.out, result));
      for (const why of worth.damaged.values()) complain(`${why.replace(/\.$/, '')}; it is left out.`);
      if (options.json) console.log(legibleJson(worthDocument(result)));
      else {
        for (const line of worthInLines(worth)) tell(line);
        tell(`files      ${toPerson(options.out)}`);
      }
      return worth.damaged.size === 0 ? 0 : 1;
    } finally {
      device.backend.destroy();
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    return error.status;
  } finally {
    progress.stop();
    interruption.stop();
    await removeIfEmpty(made);
  }
}

const partsOf: Readonly<Record<TestedPart, (set: OpenedSet) => LabelledPictures>> = {
  test: (set) => set.test,
  train: (set) => set.train,
  all: (set) => joined([set.train, set.test]),
};

function partOf(set: OpenedSet, part: TestedPart): LabelledPictures {
  return partsOf[part](set);
}

/**
 * The model's class for each of the set's.
 * @throws UsageError if the model does not know one, or takes two for the same
 */
function classesOf(ofSet: readonly string[], ofModel: readonly string[]): number[] {
  if (ofSet.length === ofModel.length && ofSet.every((name, i) => name === ofModel[i])) {
    return ofSet.map((_, i) => i);
  }
  const found = ofSet.map((name) => classOf({ class: name, mask: undefined }, ofModel)!);
  const twice = found.findIndex((index, i) => found.indexOf(index) < i);
  if (twice >= 0) {
    const [one, other] = [ofSet[found.indexOf(found[twice])], ofSet[twice]];
    throw new UsageError(
      `The set's classes "${one}" and "${other}" are both the model's "${ofModel[found[twice]]}"; name them as the model does.`,
    );
  }
  return found;
}
