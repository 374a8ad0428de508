// Draws methods.chelsea.png anew, every method on one photograph: `npm run build` first, then
// `node docs/draw-methods.js --weights FILE`, a checkpoint of deit_tiny_patch16_224, downloaded if left out.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import {
  captioned,
  chooseMethods,
  density,
  drawMap,
  Explainer,
  findMethod,
  isView,
  makeReady,
  Maximiser,
  methods,
  parseUnit,
  rasterise,
  recommended,
  seenArea,
  underLibra,
} from '../dist/index.js';
import { loadModel, openBackend, readPicture } from '../dist/node/index.js';

/** In units of drawings. */
const [columns, side, gap] = [6, 160, 6];
const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The pictures of these hardly change under the rules `libra`. */
const unchanged = ['attention-gradcam', 'attention-gradient', 'token-gradcam'];
const underBoth = (method) => [method, unchanged.includes(method.name) ? undefined : underLibra(method)];
/** Of these one is enough, the calmer one. */
const underLibraAlone = ['integrated-gradients', 'space-and-channels'];
/** Which map of a view is shown; the last if none is named. */
const shownOf = { 'query-key': 20, 'libra-space-and-channels': 0 };

const tabby = { kind: 'class', index: 281 };
const tigerCat = { kind: 'class', index: 282 };

const { weights } = parseArgs({ options: { weights: { type: 'string' } } }).values;
const picture = await readPicture(at('../examples/chelsea.png'));
const loaded = await loadModel({ name: 'deit_tiny_patch16_224', weights });
const { backend } = await openBackend();
const [{ geometry }] = makeReady(picture, [loaded.preprocessing]);

const tiles = [await tile(picture, 'photograph')];
const named = methods
  .flatMap((method) => (underLibraAlone.includes(method.name) ? [underLibra(method)] : underBoth(method)))
  .filter(Boolean);
const shown = [
  ...named.filter((method) => !isView(method)),
  findMethod('smoothgrad'),
  ...named.filter(isView),
];
const explainer = await Explainer.create(loaded, backend, {
  methods: chooseMethods(shown, {}, loaded.model.config),
  targets: 2,
});
const [{ maps }] = await explainer.explain([explainer.makeReady(picture)], [[tabby, tigerCat]]);
for (const map of maps) {
  const isOther = map.target?.index === tigerCat.index;
  if (isOther && map.method !== recommended) continue;
  const [one, words] = isView(map.method) ? oneOf(map) : [map, map.method.name];
  tiles.push(await tile(drawMap(picture, one), `${words}${isOther ? ' tiger cat' : ''}`));
}
const maximiser = await Maximiser.create(loaded, backend, parseUnit('logit:281'));
for await (const { step } of maximiser.climb()) if (step % 64 === 0) console.log(`step ${step}`);
const dreamt = await maximiser.look();
tiles.push(rasterise(captioned(await squared(dreamt.picture), 'activation-maximisation')));
backend.destroy();

const height = Math.max(...tiles.map((one) => one.height));
const placed = (number, size) => density * gap + number * (size + density * gap);
const sheet = sharp({
  create: {
    width: placed(columns, side * density),
    height: placed(Math.ceil(tiles.length / columns), height),
    channels: 3,
    background: { r: 245, g: 245, b: 245 },
  },
})
  .composite(
    tiles.map((one, index) => ({
      input: one.data,
      raw: { width: one.width, height: one.height, channels: 3 },
      left: placed(index % columns, side * density),
      top: placed(Math.floor(index / columns), height),
    })),
  )
  .png();
// So many tiles would be megabytes at two dots for each unit.
const { data, info } = await sheet.toBuffer({ resolveWithObject: true });
await sharp(data)
  .resize(info.width / density)
  .png({ palette: true, effort: 10 })
  .toFile(at('methods.chelsea.png'));

/** One map of a view, and its words. */
function oneOf(map) {
  const { captions, values, method, ...others } = map;
  const number = shownOf[method.name] ?? captions.length - 1;
  const size = values.length / captions.length;
  const own = { ...others, method, values: values.slice(number * size, (number + 1) * size) };
  return [own, `${method.name}: ${captions[number]}`];
}

/** The part that the model saw, with words below it. */
async function tile({ data, width, height }, words) {
  const { left, top, right, bottom } = seenArea(geometry);
  const small = await squared(
    { data, width, height },
    {
      left: Math.ceil(left),
      top: Math.ceil(top),
      width: Math.floor(right) - Math.ceil(left),
      height: Math.floor(bottom) - Math.ceil(top),
    },
  );
  return rasterise(captioned(small, words));
}

/** As large as a tile; a part of it, if one is named. */
async function squared({ data, width, height }, part = { left: 0, top: 0, width, height }) {
  const size = side * density;
  const small = await sharp(data, { raw: { width, height, channels: 3 } })
    .extract(part)
    .resize(size, size, { fit: 'fill' })
    .raw()
    .toBuffer();
  return { width: size, height: size, data: new Uint8Array(small) };
}
