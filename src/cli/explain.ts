import type { Backend } from '../compiler/backend.js';
import { VitrineError } from '../errors.js';
import { ranksAsked } from '../explain/index.js';
import type { Picture } from '../image/index.js';
import type { OpenedModel } from '../node/index.js';
import type { Values } from '../tensor/index.js';
import { Explainer, preprocessingsOf, Remover, Stopwatch } from '../pipeline/index.js';
import {
  checkOptions,
  checkRequest,
  type ExplainOptions,
  type RawExplainOptions,
  type Request,
} from './explain-options.js';
import { openDevice } from './device.js';
import { explainPicture } from './explain-picture.js';
import { printHeader, printResult } from './explain-report.js';
import { Interrupted, Interruption } from './interruption.js';
import { complain, legibleJson, tell } from './legible.js';
import { openAsked } from './open-asked.js';
import { openPicture, type OpenedPicture } from './opened-picture.js';
import { attentionOfPages, Pages } from './pages.js';
import { refuseUnfaithful, toPerson } from './paths.js';
import { namingOfTensors, savedEndings, TensorFiles, tensorsMaker } from './saved.js';
import { Preview } from './preview/preview.js';
import { withFeatures } from './similar-pictures.js';
import { sourcesOf, type PictureSource } from './picture-sources.js';
import { makeFolder, removeIfEmpty } from './results-folder.js';
import { expectedNames } from './result-names.js';
import { Results } from './results.js';

/**
 * Explains all pictures with one model and one program. A picture that fails is reported and the others are
 * still done. If all fail, no folder that was made for the results is left.
 * @param positional pictures given without --image
 * @returns the exit status: 0, 1 if some pictures failed, 2 if all did, a shell's status if it was interrupted
 */
export async function explainAll(raw: RawExplainOptions, positional: readonly string[]): Promise<number> {
  const options = checkOptions(raw, positional);
  const { images, out } = options;
  await refuseUnfaithful('--weights', options.weights);
  await refuseUnfaithful('--labels', options.labels);
  await refuseUnfaithful('--out', out);
  await refuseUnfaithful('--html', options.html);
  const sources = await sourcesOf(images);
  const made = await makeFolder(out);
  const tally: Tally = { explained: 0, failed: 0 };
  try {
    await explainEach(options, sources, await openFor(raw, options, sources), tally);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    complain(`stopped; ${tally.explained} of ${images.length} pictures were explained.`);
    return error.status;
  } finally {
    if (tally.explained === 0) await removeIfEmpty(made);
  }
  if (tally.failed === 0) return 0;
  if (images.length > 1) {
    complain(`${tally.failed} of ${images.length} pictures could not be explained.`);
  }
  return tally.explained > 0 ? 1 : 2;
}

/** The model, what is asked of it, and the files that it makes. */
interface Opened {
  readonly opened: OpenedModel;
  readonly request: Request;
  readonly results: Results;
  readonly pages: Pages | undefined;
}

async function openFor(
  raw: RawExplainOptions,
  options: ExplainOptions,
  sources: readonly PictureSource[],
): Promise<Opened> {
  let results!: Results;
  const { html } = options;
  const pages = html === undefined ? undefined : new Pages(sources, { ...options, html });
  const { opened, checked: request } = await openAsked(
    options,
    (asked) => checkRequest(raw, options, asked),
    async (checked, model) => {
      const { saving } = checked;
      const moving = checked.figure.animation;
      const endings = ['.png', '.json', ...savedEndings(saving), ...(moving ? [`.${moving.format}`] : [])];
      results = new Results(sources, { ...options, ...checked, model, endings });
      const { naming } = results;
      await results.refuseAtOnce(checked.figure.expected(checked, naming));
      if (saving.kinds.length > 0) {
        const tensors = { methods: [tensorsMaker(saving)], targets: saving.targets };
        await results.refuseAtOnce(expectedNames(tensors, namingOfTensors(naming)));
      }
      await pages?.refuseAtOnce();
    },
  );
  return { opened, request, results, pages };
}

/** What became of the pictures so far. */
interface Tally {
  explained: number;
  failed: number;
}

async function explainEach(
  options: ExplainOptions,
  sources: readonly PictureSource[],
  { opened, request, results, pages }: Opened,
  tally: Tally,
): Promise<void> {
  const stopwatch = new Stopwatch<'load' | 'compile'>();
  const device = await openDevice(options);
  const { backend } = device;
  stopwatch.lap('load');
  const interruption = new Interruption();
  const { signal } = interruption;
  try {
    const creating = Explainer.create(opened, backend, {
      methods: request.methods,
      targets: Math.max(1, request.targets.length),
      ranks: ranksAsked(request.targets),
      features: opened.output !== 'classes',
      score: request.score,
      ablation: request.ablation !== undefined,
      attention: pages && attentionOfPages(opened.model.config),
      weights: opened.weights,
      stopwatch,
      signal,
    });
    // Decoded while the device takes over the weights, and each further picture while the one before it is explained.
    const preprocessings = preprocessingsOf(request.methods, opened.preprocessing);
    let next: OpenedPicture = openPicture(sources[0], preprocessings);
    const explainer = await creating;
    const loaded = { ...opened, weights: await opened.weights };
    const { colormap } = options;
    const { ablation, saving } = request;
    const remover = options.measure ? await removerOf(opened, backend) : undefined;
    const featuresOf = async (picture: Picture): Promise<Values> => {
      // Any targets: what is wanted are the features.
      const any = request.targets.map(() => ({ kind: 'norm' }) as const);
      const [{ logits }] = await explainer.explain([explainer.makeReady(picture)], [any]);
      return logits;
    };
    const targets = await withFeatures(request.targets, featuresOf);
    const tensors = await TensorFiles.create(
      loaded,
      backend,
      saving,
      await withFeatures(saving.targets, featuresOf),
      { ranks: ranksAsked(saving.targets), features: opened.output !== 'classes', score: request.score },
    );
    const shared = {
      ...{ loaded, backend, explainer, request, remover, targets, ablation, saving, tensors, pages },
      ...{ colormap, results, stopwatch, signal },
    };
    const preview = new Preview(options.preview);
    if (!options.json) printHeader(shared, device);
    for (const [position, source] of sources.entries()) {
      const current = next;
      const following = sources.at(position + 1);
      if (following !== undefined) next = openPicture(following, preprocessings);
      try {
        const { document, ...written } = await explainPicture(shared, current, position);
        tally.explained++;
        if (options.json) console.log(legibleJson(document));
        else {
          printResult(source.name, document, written);
          for (const { picture } of written.figures) await preview.show(picture);
        }
      } catch (error) {
        if (!(error instanceof VitrineError)) throw error;
        tally.failed++;
        complain(error.message);
      }
    }
    await pages?.finish();
    if (pages?.index !== undefined && tally.explained > 0 && !options.json) {
      tell('');
      tell(`index: ${toPerson(pages.index)}`);
    }
  } finally {
    interruption.stop();
    backend.destroy();
  }
}

/** States of a picture that one run looks at: half of what one map asks for. */
const STATES = 14;

function removerOf(opened: OpenedModel, backend: Backend): Promise<Remover> {
  return Remover.create(opened, backend, { removed: 'patches', batch: STATES });
}
