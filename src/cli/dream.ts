import { activationOf, forwardPass, unitName } from '../explain/index.js';
import type { Picture } from '../image/index.js';
import { shortLabel } from '../models/index.js';
import { openModel, writeFilesAtomically, type OpenedModel } from '../node/index.js';
import { Maximiser } from '../pipeline/index.js';
import { input } from '../tensor/index.js';
import { inWords } from './demo-model.js';
import { deviceInWords, openDevice } from './device.js';
import { dreamFiles, type Dreamt, type Frame } from './dream-files.js';
import { checkDream, unitOf, type DreamOptions, type RawDreamOptions } from './dream-options.js';
import { Interrupted, Interruption } from './interruption.js';
import { complain, legibleJson, tell } from './legible.js';
import { refuseToReplace } from './obstacles.js';
import { refuseUnfaithful, toPerson } from './paths.js';
import { makeFolder, removeIfEmpty } from './results-folder.js';

/**
 * Makes a picture that excites a unit, and writes it with the sequence that led to it.
 * @returns the exit status: 0, or a shell's if it was interrupted, which leaves nothing
 */
export async function dream(raw: RawDreamOptions): Promise<number> {
  const options = checkDream(raw);
  await refuseUnfaithful('--weights', options.asked.weights);
  await refuseUnfaithful('--labels', options.asked.labels);
  await refuseUnfaithful('--out', options.out);
  const opened = await openModel(options.asked);
  const dreamt = dreamOf(raw, options, opened);
  const made = await makeFolder(options.out);
  const interruption = new Interruption();
  try {
    const { names, mark } = dreamFiles(dreamt);
    const files = names.map((path) => ({ path, mark }));
    await refuseToReplace(files, new Set(), options.force);
    await dreamInto(dreamt, interruption.signal);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    complain('stopped; nothing was written.');
    return error.status;
  } finally {
    interruption.stop();
    await removeIfEmpty(made);
  }
  return 0;
}

/** @throws UsageError for a unit that the model has not, before anything is computed */
function dreamOf(raw: RawDreamOptions, options: DreamOptions, opened: OpenedModel): Dreamt {
  const { model, labels, output } = opened;
  const unit = unitOf(raw, output === 'classes' ? labels : []);
  activationOf(forwardPass(model, input('image', [1, ...model.inputShape])), unit);
  const label = unit.kind === 'logit' && output === 'classes' ? shortLabel(labels[unit.index]) : undefined;
  return { unit, label, options, opened };
}

async function dreamInto(dreamt: Dreamt, signal: AbortSignal): Promise<void> {
  const { unit, label, options, opened } = dreamt;
  const device = await openDevice(options.device);
  const { backend } = device;
  try {
    const weights = await opened.weights;
    const maximiser = await Maximiser.create(opened, backend, unit, options.ascent);
    if (!options.json) {
      const { fallback } = opened;
      tell(`model   ${opened.name}${fallback ? `: ${inWords(fallback)}` : ''}`);
      tell(`device  ${deviceInWords(device)}`);
      tell(`unit    ${unitName(unit)}${label === undefined ? '' : ` (${label})`}`);
    }
    const start = performance.now();
    const { frames, activations } = await climb(maximiser, options, signal);
    const { picture, activation } = await maximiser.look();
    const last = { step: options.ascent.steps, activation, picture };
    const { files, document } = dreamFiles(dreamt).results(
      { frames: [...frames, last], activations },
      { weights, sha256: await weights.sha256(), device: backend, run_ms: performance.now() - start },
    );
    signal.throwIfAborted();
    await writeFilesAtomically(files);
    if (options.json) console.log(legibleJson(document));
    else for (const { path } of files) tell(`  ${toPerson(path)}`);
  } finally {
    backend.destroy();
  }
}

/** Lines that tell how far it is, and pictures of a sequence. */
const [lines, shown] = [8, 12];

async function climb(
  maximiser: Maximiser,
  { ascent: { steps }, every, json }: DreamOptions,
  signal: AbortSignal,
): Promise<{ readonly frames: readonly Frame[]; readonly activations: readonly number[] }> {
  const frames: Frame[] = [];
  const activations: number[] = [];
  const isNth = (step: number, parts: number): boolean =>
    Math.floor((step * parts) / steps) > Math.floor(((step - 1) * parts) / steps);
  for await (const { step, activation } of maximiser.climb(signal)) {
    activations.push(activation);
    if (!json && isNth(step, lines)) tell(`  step ${step} of ${steps}: ${activation.toPrecision(3)}`);
    const isKept = every !== undefined && step % every === 0;
    if (step === steps || !(isKept || isNth(step, shown))) continue;
    const seen: { picture: Picture; activation: number } = await maximiser.look();
    frames.push({ step, ...seen });
  }
  return { frames, activations };
}
