import type { ClassTarget } from 'vitrine';
import type { HeadPlace, MapQuestion, ModelPlace, Progress } from '../protocol.js';
import { readAddress, writeAddress } from './address.js';
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
  const { device, model, picture, step } = store.now.asked;
  const example = picture in examples ? picture : usual.picture;
  const content = fetchExample(example);
  content.catch(() => undefined);
  await told('Opening the device', async () => {
    store.set({ device: await engine.call('device', { choice: device, base }) });
  });
  // Nothing is fetched from elsewhere before a person has said so, whatever the address asks for.
  const kept = model !== usual.model && (await isKept(model));
  if (kept) await openModel({ from: 'hub', name: model });
  if (!store.now.model) await openModel({ from: 'page' });
  await openExample(example, content);
  if (model !== usual.model && !kept) {
    store.set({
      problem: `The address asks for the model ${model}, which is not in this browser; open it under "Model".`,
    });
  }
  if (step !== undefined) await lookAround();
}

async function isKept(model: string): Promise<boolean> {
  const models = await engine.call('models', undefined);
  return models.some(({ name, kept }) => name === model && kept);
}

/** Changes what is asked for, and looks again where that makes a difference. */
export function ask(changes: Partial<Asked>): void {
  const before = store.now.asked;
  store.set({ asked: { ...before, ...changes } });
  history.replaceState(null, '', `#${writeAddress(store.now.asked)}`);
  const changed = (...parts: (keyof Asked)[]): boolean => parts.some((part) => part in changes);
  if (changed('device')) void reopen();
  else if (changed('method', 'options', 'target', 'score', 'without', 'beside')) void look(changes);
  else if (changed('block', 'step')) void lookAround();
}

async function goTo(asked: Asked): Promise<void> {
  const before = store.now.asked;
  store.set({ asked });
  if (asked.device !== before.device) await reopen();
  else if (asked.picture !== before.picture && asked.picture in examples) await openExample(asked.picture);
  else await look({});
}

/** Another device, the same model and picture. */
async function reopen(): Promise<void> {
  const choice = store.now.asked.device;
  await told('Opening the device', async () => {
    store.set({ device: await engine.call('device', { choice, base }) });
    await look({});
  });
}

export async function openModel(place: ModelPlace): Promise<void> {
  looking?.abort();
  const before = store.now.model;
  await told(
    'Loading the model',
    async (options) => {
      const model = await engine.call('model', place, options);
      const { asked } = store.now;
      const known = model.methods.some(({ name }) => name === asked.method);
      const target: ClassTarget =
        model.output === 'classes'
          ? asked.target.kind === 'norm' || store.now.model
            ? usual.target
            : asked.target
          : { kind: 'norm' };
      const block = Math.min(
        store.now.model ? model.depth - 1 : asked.block || model.depth - 1,
        model.depth - 1,
      );
      store.set({
        model,
        answer: undefined,
        beside: undefined,
        inside: undefined,
        tour: undefined,
        patch: undefined,
        asked: {
          ...asked,
          model: model.name,
          method: known ? asked.method : usual.method,
          options: store.now.model ? {} : asked.options,
          without: store.now.model ? [] : asked.without,
          target,
          block,
          head: 'mean',
        },
      });
      history.replaceState(null, '', `#${writeAddress(store.now.asked)}`);
    },
    { cancels: true },
  );
  const { picture, model } = store.now;
  // What went wrong stays to be read.
  if (picture && model !== before) await openPicture(undefined, picture.name);
}

async function fetchExample(name: string): Promise<Blob> {
  const response = await fetch(new URL(`examples/${name}.png`, base)).catch(() => undefined);
  if (!response?.ok) throw new CallError('Cannot get the example; see whether the page is still there.');
  return response.blob();
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
    const picture = await engine.call('picture', { name, content }, options);
    store.set({
      picture,
      answer: undefined,
      beside: undefined,
      inside: undefined,
      tour: undefined,
      patch: undefined,
    });
    store.set({ asked: { ...store.now.asked, picture: name } });
    history.replaceState(null, '', `#${writeAddress(store.now.asked)}`);
    await look({});
  });
}

/** The map that is wanted, the one beside it, and what goes on inside. */
export async function look(changes: Partial<Asked>): Promise<void> {
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
      if (!store.now.inside || 'without' in changes) await lookInside(options);
      if (asked.step !== undefined && !store.now.tour) await lookAround();
    },
    { controller, cancels: slow ?? false },
  );
  if (looking === controller) looking = undefined;
}

/** What the tour and the grid of heads show, of the block that is looked at. */
async function lookAround(): Promise<void> {
  const { asked, inside, picture, model } = store.now;
  if (!picture || !model) return;
  await told('Looking inside', async (options) => {
    if (!inside || asked.block < inside.blocks[0] || asked.block > inside.blocks[1])
      await lookInside(options);
    if (asked.step !== undefined) {
      store.set({ tour: await engine.call('tour', { block: asked.block }, options) });
    }
  });
}

async function lookInside(options: CallOptions): Promise<void> {
  const { block, without } = store.now.asked;
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
