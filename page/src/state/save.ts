import { colormap } from 'vitrine';
import { fittingColormap } from '../draw/paint.js';
import { mapInWords, number, rangeOfMap } from '../draw/words.js';
import { questionNow } from './actions.js';
import { store } from './state.js';
import { engine } from './worker.js';

/** The JSON document that the command writes. */
export async function saveDocument(): Promise<void> {
  const text = JSON.stringify(await engine.call('document', questionNow()), undefined, 1);
  save(new Blob([`${text}\n`], { type: 'application/json' }), 'json');
}

/** The map as it is on the page, with its colours and what it says in words below it. */
export async function savePicture(): Promise<void> {
  const { answer, model } = store.now;
  const maps = [...document.querySelectorAll<HTMLCanvasElement>('.stages canvas[id], .view-sheet canvas')];
  if (!answer || !model || maps.length === 0) return;
  const gap = 16;
  const scale = answer.map.captions ? 4 : 1;
  const width = maps.reduce((sum, canvas) => sum + scale * canvas.width + gap, gap);
  const height = scale * Math.max(...maps.map((canvas) => canvas.height));
  const sheet = new OffscreenCanvas(width, height + 5 * gap);
  const context = sheet.getContext('2d');
  if (!context) return;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, sheet.width, sheet.height);
  let x = gap;
  for (const canvas of maps) {
    context.drawImage(canvas, x, gap, scale * canvas.width, scale * canvas.height);
    x += scale * canvas.width + gap;
  }
  const { table } = colormap(fittingColormap(answer.map.shows));
  const bar = Math.min(256, width - 2 * gap);
  for (let i = 0; i < bar; i++) {
    const level = 3 * Math.floor((256 * i) / bar);
    context.fillStyle = `rgb(${table[level]} ${table[level + 1]} ${table[level + 2]})`;
    context.fillRect(gap + i, height + 1.5 * gap, 1, 8);
  }
  const [low, high] = rangeOfMap(answer.map);
  context.fillStyle = '#333';
  context.font = '12px Inter, sans-serif';
  context.fillText(`${number(low)} to ${number(high)}`, gap + bar + 8, height + 2 * gap + 1);
  context.fillText(mapInWords(answer.map, model), gap, height + 3.5 * gap, width - 2 * gap);
  save(await sheet.convertToBlob({ type: 'image/png' }), 'png');
}

/** The address, which says all but the picture. @returns what was copied; undefined if it could not be */
export async function copyLink(): Promise<string | undefined> {
  const { href } = location;
  try {
    await navigator.clipboard.writeText(href);
    return href;
  } catch {
    store.set({ problem: 'This browser does not let the page copy; take the address from its bar.' });
    return undefined;
  }
}

/** Under the name that the command would give it. */
function save(blob: Blob, ending: string): void {
  const { asked, picture } = store.now;
  const stem = (picture?.name ?? 'picture').replace(/\.[^.]*$/, '');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `${stem}.${asked.method}.${ending}`;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 10_000);
}
