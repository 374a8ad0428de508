import type { ClassTarget } from 'vitrine';
import { drawSvg, isSvg } from 'vitrine/web';
import type {
  Adaptation,
  DeviceChoice,
  HeadPlace,
  MapQuestion,
  ModelFacts,
  ModelPlace,
  Progress,
} from '../protocol.js';
import { fitted, readAddress, writeAddress } from './address.js';
import { store, usual, type Asked } from './state.js';
import { CallError, engine, type CallOptions } from './worker.js';

/** The pictures that come with the page. */
export const examples: Readonly<Record<string, string>> = {
  scene: 'a dog and a cat',
  street: 'a car, an elephant and a tree',
  chelsea: 'Chelsea the cat, a photograph',
};

const base = new URL('.', document.baseURI).href;

/** What is under way for the map that is wanted now; it is called off when another one is. */
let looking: AbortController | undefined;

/** Opens the device, and loads model and picture: those of the address. */
export async function start(): Promise<void> {
  store.set({ asked: readAddress(location.hash) });
  window.addEventListener('hashchange', () => {
    if (location.hash.slice(1) !== writeAddress(store.now.asked)) void goTo(readAddress(location.hash));
  });
  const { device, model, size, picture, step } = store.now.asked;
  const example = picture in examples ? picture : usual.picture;
  // Asked for while the device is opened.
  const content = fetchExample(example);
  const shipped = model === usual.model ? fetchShipped() : undefined;
  for (const early of [content, shipped]) early?.catch(() => undefined);
  const refused = await openFirstDevice(device);
  if (!store.now.device) return;
  // Nothing is fetched from elsewhere before a person has said so, whatever the address asks for.
  const kept = model !== usual.model && (await isKept(model));
  if (kept) await openModel({ from: 'hub', name: model }, { imageSize: size });
  else await openShipped(shipped, { imageSize: size });
  const unfit = store.now.problem;
  if (!store.now.model) await openShipped();
  await openExample(example, content);
  if (step !== undefined) await lookAround();
  const notKept =
    model !== usual.model && !kept
      ? `The address asks for the model ${model}, which is not in this browser; open it under "Model".`
      : undefined;
  const problem = refused ?? unfit ?? notKept;
  if (problem !== undefined) store.set({ problem });
}

/** The device that is asked for, else the best one. @returns why it is not the one that is asked for */
async function openFirstDevice(choice: DeviceChoice): Promise<string | undefined> {
  const open = (choice: DeviceChoice): Promise<void> =>
    told('Opening the device', async () => {
      store.set({ device: await engine.call('device', { choice, base }) });
    });
  await open(choice);
  const { device, problem, asked } = store.now;
  if (device || choice === 'auto') return problem;
  store.set({ asked: { ...asked, device: 'auto' } });
  await open('auto');
  return problem;
}

async function isKept(model: string): Promise<boolean> {
  const models = await engine.call('models', undefined);
  return models.some(({ name, kept }) => name === model && kept);
}

/** Changes what is asked for, and looks again where that makes a difference. */
export function ask(changes: Partial<Asked>): void {
  const before = store.now.asked;
  settle(changes);
  const changed = (...parts: (keyof Asked)[]): boolean => parts.some((part) => part in changes);
  if (changed('device')) void reopen(before.device);
  else if (changed('method', 'options', 'target', 'score', 'without', 'beside')) void look();
  else if (changed('block', 'step')) void lookAround();
}

async function goTo(given: Asked): Promise<void> {
  const { asked: before, model, labels } = store.now;
  // The size is what the model has, until it has another.
  const asked = { ...(model ? fitted(given, model) : given), size: before.size };
  store.set({ asked });
  if (asked.device !== before.device) await reopen(before.device);
  else if (given.size !== before.size) await adaptModel({ imageSize: given.size, labels });
  else if (asked.picture !== before.picture && asked.picture in examples) await openExample(asked.picture);
  else {
    await look();
    if (asked.block !== before.block) await lookAround();
  }
}

/** Another device, the same model and picture. @param before what was chosen, which stays if the other one cannot be had */
async function reopen(before: DeviceChoice): Promise<void> {
  const choice = store.now.asked.device;
  await told('Opening the device', async () => {
    try {
      store.set({ device: await engine.call('device', { choice, base }) });
    } catch (error) {
      settle({ device: before });
      throw error;
    }
    await look();
  });
}

/** Writes down what came of what was asked for: nothing is looked at again. */
function settle(changes: Partial<Asked>): void {
  store.set({ asked: { ...store.now.asked, ...changes } });
  history.replaceState(null, '', `#${writeAddress(store.now.asked)}`);
}

/** The model that is there, with an input of another size, or other names of its classes. */
export function adaptModel(adaptation: Adaptation): Promise<void> {
  return openModel(undefined, adaptation);
}

/** @param place the model that is there, if left out */
export async function openModel(place: ModelPlace | undefined, adaptation: Adaptation = {}): Promise<void> {
  looking?.abort();
  const before = store.now.model;
  await told(
    'Loading the model',
    async (options) => {
      const model = await engine.call('model', { ...adaptation, place }, options);
      const { asked } = store.now;
      const known = model.methods.some(({ name }) => name === asked.method);
      const target: ClassTarget =
        model.output === 'classes'
          ? asked.target.kind === 'norm' || (place && store.now.model)
            ? usual.target
            : asked.target
          : { kind: 'norm' };
      // Of another model than the first, nothing of the old one's heads is meant; of another size, nothing of its patches.
      const own: Partial<Asked> =
        place === undefined
          ? { options: withoutPatches(asked.options, model) }
          : store.now.model
            ? { options: {}, without: [], block: Infinity, head: 'mean' }
            : {};
      const next = {
        ...asked,
        ...own,
        model: model.name,
        size: adaptation.imageSize,
        method: known ? asked.method : model.usualMethod,
        target,
      };
      store.set({
        model,
        labels: adaptation.labels,
        answer: undefined,
        beside: undefined,
        inside: undefined,
        tour: undefined,
        patch: undefined,
        asked: fitted(next, model),
      });
      history.replaceState(null, '', `#${writeAddress(store.now.asked)}`);
    },
    { cancels: true },
  );
  const { picture, model } = store.now;
  // What went wrong stays to be read.
  if (picture && model !== before) await openPicture(undefined, picture.name);
}

/** Options that name no patch, of which another grid has others. */
function withoutPatches(options: Asked['options'], { methods }: ModelFacts): Asked['options'] {
  const patches = methods.flatMap((method) => method.options.filter(({ kind }) => kind === 'patch'));
  const names = new Set(patches.map(({ name }) => name));
  return Object.fromEntries(Object.entries(options).filter(([name]) => !names.has(name)));
}

/** @param what it is, in the middle of a sentence */
async function fetchOwn(path: string, what: string): Promise<Response> {
  const response = await fetch(new URL(path, base)).catch(() => undefined);
  if (!response?.ok) throw new CallError(`Cannot get ${what}; see whether the page is still there.`);
  return response;
}

async function fetchExample(name: string): Promise<Blob> {
  return (await fetchOwn(`examples/${name}.png`, 'the example')).blob();
}

async function fetchShipped(): Promise<ArrayBuffer> {
  const response = await fetchOwn(`weights/${usual.model}.safetensors`, 'the model that comes with the page');
  return response.arrayBuffer();
}

/** The model that comes with the page. @param content if it was asked for already */
export async function openShipped(content?: Promise<ArrayBuffer>, adaptation?: Adaptation): Promise<void> {
  let place: ModelPlace | undefined;
  await told('Loading the model', async () => {
    place = { from: 'page', content: await (content ?? fetchShipped()) };
  });
  if (place) await openModel(place, adaptation);
}

/** @param content if it was asked for already */
export async function openExample(name: string, content?: Promise<Blob>): Promise<void> {
  await told('Loading the picture', async () => {
    await openPicture(await (content ?? fetchExample(name)), name);
  });
}

/** @param content the picture that is there, for another model, if left out */
export async function openPicture(content: Blob | undefined, name: string): Promise<void> {
  looking?.abort();
  await told('Decoding the picture', async (options) => {
    const drawn = content && isSvg(content, name) ? await drawSvg(content, name) : undefined;
    const transfer = drawn ? [drawn] : [];
    const picture = await engine.call(
      'picture',
      { name, content: drawn ?? content },
      { ...options, transfer },
    );
    store.set({
      picture,
      answer: undefined,
      beside: undefined,
      inside: undefined,
      tour: undefined,
      patch: undefined,
    });
    settle({ picture: name });
    await look();
  });
}

/** The map that is wanted, the one beside it, and what goes on inside. */
export async function look(): Promise<void> {
  const { picture, model, asked } = store.now;
  if (!picture || !model) return;
  looking?.abort();
  const controller = new AbortController();
  looking = controller;
  const slow = model.methods.find(({ name }) => name === asked.method)?.slow;
  await told(
    'Explaining',
    async (options) => {
      const answer = await engine.call('map', questionOf(asked, asked.method), options);
      store.set({ answer, beside: asked.beside === undefined ? undefined : store.now.beside });
      if (asked.beside !== undefined) {
        store.set({ beside: await engine.call('map', questionOf(asked, asked.beside), options) });
      }
      await lookInside(options);
      if (asked.step !== undefined && !store.now.tour) await lookAround();
    },
    { controller, cancels: slow ?? false },
  );
  if (looking === controller) looking = undefined;
}

/** What the tour and the grid of heads show, of the block that is looked at. */
async function lookAround(): Promise<void> {
  const { asked, picture, model } = store.now;
  if (!picture || !model?.hasAttention) return;
  await told('Looking inside', async (options) => {
    await lookInside(options);
    if (asked.step !== undefined) {
      store.set({ tour: await engine.call('tour', { block: asked.block }, options) });
    }
  });
}

/** Unless what is known is of the block and of the lack of heads that are asked for. */
async function lookInside(options: CallOptions): Promise<void> {
  const { model, inside, asked } = store.now;
  const { block, without } = asked;
  if (!model?.hasAttention) return;
  const same = inside && JSON.stringify(inside.without) === JSON.stringify(without);
  if (same && block >= inside.blocks[0] && block <= inside.blocks[1]) return;
  store.set({ inside: await engine.call('inside', { block, without }, options) });
}

/** What is asked of the next frame of the camera. */
export function questionNow(): MapQuestion {
  const { asked } = store.now;
  return questionOf(asked, asked.method);
}

function questionOf({ options, target, score, without }: Asked, method: string): MapQuestion {
  const known = store.now.model?.methods.find(({ name }) => name === method)?.options ?? [];
  const own = Object.entries(options).filter(([name]) => known.some((option) => option.name === name));
  return { method, options: Object.fromEntries(own), target, score, without };
}

export function toggleHead([block, head]: HeadPlace): void {
  const { without } = store.now.asked;
  const others = without.filter(([a, b]) => a !== block || b !== head);
  ask({ without: others.length < without.length ? others : [...without, [block, head]] });
}

/** Does work that a person waits for: what it is, how far it is, and what became of it are on the page. */
async function told(
  what: string,
  work: (options: CallOptions) => Promise<void>,
  {
    controller = new AbortController(),
    cancels = false,
  }: { controller?: AbortController; cancels?: boolean } = {},
): Promise<void> {
  const { signal } = controller;
  const cancel = cancels
    ? () => {
        controller.abort();
      }
    : undefined;
  const show = (progress: Progress | undefined): void => {
    if (!signal.aborted) store.set({ busy: { what, progress, cancel } });
  };
  show(undefined);
  store.set({ problem: undefined });
  try {
    await work({ signal, onProgress: show });
  } catch (error) {
    if (!signal.aborted) store.set({ problem: error instanceof Error ? error.message : String(error) });
  } finally {
    if (store.now.busy?.what === what) store.set({ busy: undefined });
  }
}
