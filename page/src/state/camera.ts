import { store } from './state.js';
import { CallError, engine } from './worker.js';
import { openPicture, questionNow } from './actions.js';

/** The camera while it is on, or being asked for. */
interface Filming {
  readonly ending: AbortController;
  /** Whether the engine was given a frame. */
  taken: boolean;
}

let filming: Filming | undefined;

/**
 * Explains what the camera sees, frame after frame. The next frame is taken when the one before is done: those that came
 * meanwhile are dropped, so that the map is never late.
 */
export async function startCamera(): Promise<void> {
  if (filming) return;
  const own: Filming = { ending: new AbortController(), taken: false };
  filming = own;
  const { signal } = own.ending;
  store.set({ problem: undefined });
  try {
    const video = await openVideo(signal);
    store.set({ camera: 0 });
    let last = performance.now();
    while ((video.srcObject as MediaStream).active) {
      await showFrame(video, own);
      const now = performance.now();
      store.set({ camera: 1000 / (now - last) });
      last = now;
    }
    await stopCamera();
  } catch (error) {
    if (signal.aborted) return;
    await stopCamera();
    store.set({ problem: (error as Error).message });
  }
}

/** The last frame stays, to be looked at. */
export async function stopCamera(): Promise<void> {
  if (!filming) return;
  const { ending, taken } = filming;
  filming = undefined;
  ending.abort();
  store.set({ camera: undefined });
  // The last that the engine was given, whether or not its map was there already.
  if (taken) await openPicture(undefined, 'camera');
}

/** What the camera sees, until the signal ends it. @throws CallError if there is none, or it may not be used */
async function openVideo(signal: AbortSignal): Promise<HTMLVideoElement> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      video: { width: { ideal: 640 } },
      audio: false,
    });
    const end = (): void => {
      for (const track of stream.getTracks()) track.stop();
    };
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    signal.throwIfAborted();
    const video = document.createElement('video');
    video.muted = true;
    video.srcObject = stream;
    await video.play();
    signal.throwIfAborted();
    return video;
  } catch (error) {
    const { name } = error as DOMException;
    const why = name === 'NotAllowedError' ? 'you or the browser forbid it' : 'there is none';
    throw new CallError(`The camera cannot be used: ${why}.`, { cause: error });
  }
}

async function showFrame(video: HTMLVideoElement, own: Filming): Promise<void> {
  const { signal } = own.ending;
  const frame = await createImageBitmap(video);
  signal.throwIfAborted();
  own.taken = true;
  const picture = await engine.call('picture', { name: 'camera', content: frame }, { transfer: [frame] });
  signal.throwIfAborted();
  const answer = await engine.call('map', questionNow(), { signal });
  store.set({ picture, answer, beside: undefined, inside: undefined });
}
