import type { Mask } from '../../image/index.js';
import type { Picture } from '../../image/index.js';
import { Random } from '../../random.js';
import type { Placement, ScenePlan } from './plan.js';
import { detailed, heightsOf } from './redraw.js';
import { fittingLevel, type Sprite, type SpriteLevel } from './sprite.js';
import type { Wave } from './variation.js';

/** A scene as pixels, with the truth about it. */
export interface Scene {
  readonly picture: Picture;
  readonly objects: readonly SceneObject[];
}

export interface SceneObject {
  /** As a position in `sceneClasses`. */
  readonly classIndex: number;
  /** Exactly how much of each pixel shows the object. */
  readonly mask: Mask;
}

/** @param side of the picture, pixels */
export function drawScene(plan: ScenePlan, side: number): Scene {
  const canvas = new Float32Array(3 * side * side);
  const colour = new Float64Array(3);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      plan.background((column + 0.5) / side, (row + 0.5) / side, colour);
      const at = 3 * (row * side + column);
      for (let channel = 0; channel < 3; channel++) canvas[at + channel] = colour[channel];
    }
  }
  for (const piece of plan.clutter) drawSprite(canvas, side, piece, []);
  const masks: Float32Array[] = [];
  for (const object of plan.objects) {
    const mask = new Float32Array(side * side);
    drawSprite(canvas, side, object, masks, mask);
    masks.push(mask);
  }
  return {
    picture: { width: side, height: side, data: toBytes(canvas, plan) },
    objects: plan.objects.map(({ sprite }, position) => ({
      classIndex: sprite.classIndex,
      mask: { width: side, height: side, values: masks[position] },
    })),
  };
}

/**
 * Lays a sprite over the canvas: for each pixel of the canvas, where in the sprite it lies.
 * @param covered masks of what lies behind, of which what the sprite hides is taken away
 * @param mask takes the sprite's alpha
 */
function drawSprite(
  canvas: Float32Array,
  side: number,
  piece: Placement,
  covered: readonly Float32Array[],
  mask?: Float32Array,
): void {
  const { sprite, x, y, size, angle, flip, shear, stretch, colours, shade, tint, warp, relief, cut } = piece;
  const level = fittingLevel(detailed(sprite, piece.detail), (size * side) / 2 ** piece.blur);
  const emboss = embossing(sprite, relief);
  const longer = Math.max(level.width, level.height);
  const [halfWidth, halfHeight] = [level.width / longer / 2, level.height / longer / 2];
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  // A circle that holds all that is drawn: about the sprite's centre, or about that of the part that is cut out.
  const bend = Math.hypot(
    warp.across.amplitude + warp.broad.amplitude,
    warp.down.amplitude + warp.tall.amplitude,
  );
  const radius = (cut?.radius ?? Math.hypot(halfWidth, halfHeight) + 2 / longer) + bend;
  const [endU, endV] = [halfWidth + bend + 1 / longer, halfHeight + bend + 1 / longer];
  const reach = size * radius * (Math.max(1, stretch) + Math.abs(shear));
  const [cutX, cutY] = cut ? [flip * cut.x * stretch - shear * cut.y, cut.y] : [0, 0];
  const [centreX, centreY] = [
    x + size * (cutX * cosine - cutY * sine),
    y + size * (cutX * sine + cutY * cosine),
  ];
  const [firstColumn, lastColumn] = [
    Math.floor((centreX - reach) * side),
    Math.ceil((centreX + reach) * side),
  ];
  const [firstRow, lastRow] = [Math.floor((centreY - reach) * side), Math.ceil((centreY + reach) * side)];
  const texel = new Float64Array(4);
  for (let row = Math.max(0, firstRow); row < Math.min(side, lastRow); row++) {
    for (let column = Math.max(0, firstColumn); column < Math.min(side, lastColumn); column++) {
      const across = ((column + 0.5) / side - x) / size;
      const down = ((row + 0.5) / side - y) / size;
      const straightV = down * cosine - across * sine;
      const straightU = (flip * (across * cosine + down * sine + shear * straightV)) / stretch;
      if (Math.abs(straightU) > endU || Math.abs(straightV) > endV) continue;
      let [u, v] = [straightU, straightV];
      if (bend > 0) {
        u += waveAt(warp.across, straightV) + waveAt(warp.broad, straightU);
        v += waveAt(warp.down, straightU) + waveAt(warp.tall, straightV);
      }
      if (cut && (u - cut.x) ** 2 + (v - cut.y) ** 2 > cut.radius ** 2) continue;
      sample(level, (u + halfWidth) * longer - 0.5, (v + halfHeight) * longer - 0.5, texel);
      const alpha = texel[3];
      if (alpha <= 0.004) continue;
      const slope = 2 * (shade[0] * u * flip + shade[1] * v);
      const embossed = emboss(u, v);
      const pixel = row * side + column;
      for (let channel = 0; channel < 3; channel++) {
        const at = 4 * channel;
        const mapped =
          (1 + tint[channel] * slope + embossed) *
          (colours[at] * texel[0] +
            colours[at + 1] * texel[1] +
            colours[at + 2] * texel[2] +
            colours[at + 3] * alpha);
        const inside = mapped < 0 ? 0 : mapped > alpha ? alpha : mapped;
        canvas[3 * pixel + channel] = canvas[3 * pixel + channel] * (1 - alpha) + inside;
      }
      for (const behind of covered) behind[pixel] *= 1 - alpha;
      if (mask) mask[pixel] = alpha;
    }
  }
}

function waveAt({ amplitude, frequency, phase }: Wave, position: number): number {
  return amplitude * Math.sin(frequency * position + phase);
}

/**
 * How much brighter a point is for facing the light, or darker for facing away from it.
 * @returns a function of the position in the sprite, in shares of its longer side about its centre
 */
function embossing(sprite: Sprite, { strength, angle, of }: Placement['relief']) {
  if (strength === 0) return () => 0;
  const heights = heightsOf(sprite, of);
  const longer = Math.max(heights.width, heights.height);
  const reach = (of === 'edges' ? 0.07 : 0.04) * longer;
  const [across, down] = [reach * Math.cos(angle), reach * Math.sin(angle)];
  const texel = new Float64Array(4);
  return (u: number, v: number): number => {
    const [x, y] = [u * longer + heights.width / 2 - 0.5, v * longer + heights.height / 2 - 0.5];
    sample(heights, x - across, y - down, texel);
    const away = texel[3];
    sample(heights, x + across, y + down, texel);
    return strength * (away - texel[3]);
  };
}

/** Between four pixels; what lies outside is transparent. Runs for each pixel of each sprite, so it allocates nothing. */
function sample({ width, height, pixels }: SpriteLevel, x: number, y: number, texel: Float64Array): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  let [red, green, blue, alpha] = [0, 0, 0, 0];
  if (left >= -1 && top >= -1 && left < width && top < height) {
    for (let row = Math.max(0, top); row < Math.min(height, top + 2); row++) {
      const share = row === top ? top + 1 - y : y - top;
      for (let column = Math.max(0, left); column < Math.min(width, left + 2); column++) {
        const weight = share * (column === left ? left + 1 - x : x - left);
        const at = 4 * (row * width + column);
        red += weight * pixels[at];
        green += weight * pixels[at + 1];
        blue += weight * pixels[at + 2];
        alpha += weight * pixels[at + 3];
      }
    }
  }
  texel[0] = red;
  texel[1] = green;
  texel[2] = blue;
  texel[3] = alpha;
}

function toBytes(canvas: Float32Array, { grain, grainSeed }: ScenePlan): Uint8Array {
  const random = new Random(grainSeed);
  // The sum of two uniform numbers is near enough to a normal one here.
  const width = grain * Math.sqrt(6);
  const bytes = new Uint8ClampedArray(canvas.length);
  for (let i = 0; i < canvas.length; i += 3) {
    const noise = grain === 0 ? 0 : width * (random.next() + random.next() - 1);
    for (let channel = 0; channel < 3; channel++) bytes[i + channel] = 255 * (canvas[i + channel] + noise);
  }
  return new Uint8Array(bytes.buffer);
}
