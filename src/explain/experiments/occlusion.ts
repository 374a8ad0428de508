import type { ModelSizes } from '../../geometry.js';
import {
  add,
  concat,
  constant,
  expand,
  matmul,
  multiply,
  reshape,
  slice,
  subtract,
  type Tensor,
} from '../../tensor/index.js';
import { define } from '../method.js';
import { choice, windowSide } from '../options.js';
import { forwardPass, type Explainable, type Pass } from '../pass.js';
import { fills, type Fill } from './fills.js';
import { hooked } from './hooked.js';
import { windowsOf } from './windows.js';

const fillNames = Object.keys(fills) as [Fill, ...Fill[]];

/**
 * Occlusion: what the score loses when a window of patches is replaced, before the model. A patch's value is the mean of what
 * the windows that hold it cost.
 *
 * This is the plain way, all windows in one batch of pictures: right, and large. `vitrine occlude` embeds the picture once: see
 * `occludedPass`.
 * Source: Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", 2014, section 3.
 */
export const occlusion = define({
  name: 'occlusion',
  explains: 'a class, by what it loses without a part of the picture',
  source: {
    cited: 'Zeiler & Fergus 2014',
    title: 'Visualizing and Understanding Convolutional Networks',
    url: 'https://arxiv.org/abs/1311.2901',
  },
  of: 'class',
  rules: 'none',
  options: (model: ModelSizes) => ({
    window: windowSide(model),
    fill: choice(fillNames, 'what takes the place of the pixels'),
  }),
  shows: () => 'signed',
  map(pass, { window, fill }) {
    const { image, layout } = pass;
    const [batch, channels, height, width] = image.shape;
    const [rows, columns] = layout.grid;
    const { count, left, shares } = windowsOf(layout.grid, window);
    const ofPixels = reshape(
      expand(constant(left, [count, 1, rows, 1, columns, 1]), [
        ...[count, 1, rows, height / rows, columns, width / columns],
      ]),
      [1, count, 1, height, width],
    );
    const several = (x: Tensor): Tensor => reshape(x, [batch, 1, channels, height, width]);
    const pictures = between(several(fills[fill](image, layout.grid)), several(image), ofPixels);
    const there = pass.again(reshape(pictures, [batch * count, channels, height, width]));
    const scores = pass.scoreOf(reshape(there.logits, [batch, count, there.logits.shape[1]]));
    const lost = subtract(reshape(pass.score, [batch, 1]), scores);
    return reshape(matmul(lost, constant(shares, [count, rows * columns])), [batch, rows, columns]);
  },
});

/**
 * A forward pass of copies of a picture of which patches were replaced. A patch is embedded by itself, so the picture and what
 * takes its place are embedded once each, and every copy takes from one or the other.
 * @param image of one picture, `[1, channels, height, width]`
 * @param replacement of the same shape, such as zeros
 * @param left how much of each patch is left, `[batch, patches]`: 0 or 1, or anything between
 */
export function occludedPass(model: Explainable, image: Tensor, replacement: Tensor, left: Tensor): Pass {
  const blend = (embedded: Tensor): Tensor => {
    const [own, other] = [0, 1].map((which) => slice(embedded, 0, which, which + 1));
    return between(other, own, reshape(left, [...left.shape, 1]));
  };
  return hooked(model, new Map([['patch_embed.proj', (_module, _x, embedded) => blend(embedded)]]), () =>
    forwardPass(model, concat([image, replacement], 0)),
  );
}

/** From a, at a share of 0, to b, at one of 1: at these, exactly. */
function between(a: Tensor, b: Tensor, share: Tensor): Tensor {
  return add(multiply(b, share), multiply(a, subtract(1, share)));
}
