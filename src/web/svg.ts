import { ImageError } from '../errors.js';

/** Whether a file has no pixels of its own but tells how to draw them: browsers do that in a page alone, not in a worker. */
export function isSvg(file: Blob, name: string): boolean {
  return file.type === 'image/svg+xml' || name.toLowerCase().endsWith('.svg');
}

/**
 * Draws an SVG at the size that it says of itself, else that of its viewBox, as `readPicture` of `vitrine/node` does. Edges differ
 * from those, as renderers do. Nothing in it is run, and nothing is loaded that it points to.
 * @param name for messages
 * @throws ImageError if the browser cannot draw it
 */
export async function drawSvg(file: Blob, name: string): Promise<ImageBitmap> {
  const root = new DOMParser().parseFromString(await file.text(), 'image/svg+xml').documentElement;
  if (root instanceof SVGSVGElement) giveSize(root);
  const text = new XMLSerializer().serializeToString(root);
  const address = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    return await createImageBitmap(image);
  } catch (error) {
    throw new ImageError(`"${name}" is no SVG that this browser can draw; save it anew, or as a PNG.`, {
      cause: error,
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}

const sides = ['width', 'height'] as const;

/** In pixels, where it has none, or a share of what it is shown in. */
function giveSize(svg: SVGSVGElement): void {
  const box = svg.viewBox.baseVal as DOMRect | null;
  if (!box || box.width * box.height === 0) return;
  const told = sides.filter((side) => /^[^%]+$/.test(svg.getAttribute(side) ?? ''));
  const scale = told.length === 0 ? 1 : svg[told[0]].baseVal.value / box[told[0]];
  for (const side of sides) {
    if (!told.includes(side)) svg.setAttribute(side, String(scale * box[side]));
  }
}
