import { store } from './state.js';
import { engine } from './worker.js';
import { lookInsideAgain, questionNow } from './actions.js';

let stream: MediaStream | undefined;

/**
 * Explains what the camera sees, frame after frame. The next frame is taken when the one before is done: those that came
 * meanwhile are dropped, so that the map is never late.
 */
export async function startCamera(): Promise<void> {
  store.set({ problem: undefined });
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 640 } }, audio: false });
  } catch (error) {
    const why =
      (error as DOMException).name === 'NotAllowedError' ? 'you or the browser forbid it' : 'there is none';
    store.set({ problem: `The camera cannot be used: ${why}.` });
    return;
  }
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = stream;
  await video.play();
  store.set({ camera: 0 });
  const own = stream;
  let last = performance.now();
  while (stream === own && own.active) {
    try {
      await showFrame(video);
    } catch (error) {
      store.set({ problem: (error as Error).message });
      break;
    }
    const now = performance.now();
    if (stream === own) store.set({ camera: 1000 / (now - last) });
    last = now;
  }
  stopCamera();
}

/** The last frame stays, to be looked at. */
export function stopCamera(): void {
  if (!stream) return;
  for (const track of stream.getTracks()) track.stop();
  stream = undefined;
  store.set({ camera: undefined });
  void lookInsideAgain();
}

async function showFrame(video: HTMLVideoElement): Promise<void> {
  const frame = await createImageBitmap(video);
  const picture = await engine.call('picture', { name: 'camera', content: frame }, { transfer: [frame] });
  const answer = await engine.call('map', questionNow());
  store.set({ picture, answer, beside: undefined, inside: undefined });
}
