/** The worker: takes the page's calls one after the other, so that a device has one thing to do, and hears what is called off. */
import { DeviceError, VitrineError } from 'vitrine';
import type { CallName, Calls, FromWorker, Progress, ToWorker } from '../protocol.js';
import { Engine, type Watching } from './engine.js';
import { failureInWords } from './failure.js';
import { elsewhere, haveAll } from './later.js';

const engine = new Engine();

const calls: {
  readonly [Name in CallName]: (
    given: Calls[Name]['given'],
    watching: Watching,
  ) => Calls[Name]['back'] | Promise<Calls[Name]['back']>;
} = {
  device: ({ choice, base }) => engine.openDevice(choice, base),
  model: ({ place, ...adaptation }, watching) => engine.openModel(place, adaptation, watching),
  models: async () => (await elsewhere()).hubModels(),
  size: async ({ name }, { signal }) => ({ bytes: await (await elsewhere()).sizeOf(name, signal) }),
  forget: async ({ name }) => {
    await (await elsewhere()).forget(name);
    return undefined;
  },
  picture: ({ name, content }) => engine.openPicture(content, name),
  map: (question, watching) => engine.map(question, watching),
  inside: ({ block, without }, watching) => engine.inside(block, without, watching),
  tour: ({ block }, watching) => engine.tour(block, watching),
  document: (question, watching) => engine.document(question, watching),
};

/** Those that need no device, and so need not wait for one that is busy. */
const apart: ReadonlySet<CallName> = new Set(['models', 'size', 'forget']);

const running = new Map<number, AbortController>();
let queue: Promise<unknown> = Promise.resolve();

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'cancel') {
    running.get(data.id)?.abort(new DOMException('Called off.', 'AbortError'));
    return;
  }
  const { id, name, given } = data;
  const controller = new AbortController();
  running.set(id, controller);
  const work = (): Promise<void> => answer(id, name, given, controller.signal);
  if (apart.has(name)) void work();
  else queue = queue.then(work);
});

async function answer(id: number, name: CallName, given: unknown, signal: AbortSignal): Promise<void> {
  try {
    signal.throwIfAborted();
    const call = calls[name] as (given: unknown, watching: Watching) => unknown;
    const onProgress = (progress: Progress): void => {
      tell({ kind: 'progress', id, progress });
    };
    const back = await triedAgain(() => call(given, { signal, onProgress }), signal);
    tell({ kind: 'done', id, back });
    // Not before the first map, which waits for nothing that it does not need.
    if (name === 'map') haveAll();
  } catch (error) {
    if (!signal.aborted && !(error instanceof VitrineError)) console.error(error);
    tell({ kind: 'failed', id, message: failureInWords(error), cancelled: signal.aborted });
  } finally {
    running.delete(id);
  }
}

/** A device that was lost is replaced by the next run: so what one failed at is tried once more. */
async function triedAgain(work: () => unknown, signal: AbortSignal): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted || !(error instanceof DeviceError)) throw error;
    return work();
  }
}

function tell(message: FromWorker): void {
  self.postMessage(message);
}
