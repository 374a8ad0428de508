import { describe, expect, test } from '@jest/globals';
import {
  captioned,
  drawObjects,
  findObjects,
  drawFrames,
  drawPanel,
  drawSheet,
  overlay,
  rasterise,
  sheetOfView,
  type ComputedMap,
  type Drawing,
  type PanelContent,
  type Picture,
  type Sheet,
} from '../../src/index.js';
import { areSame } from '../image/pictures.js';
import { haveSameBits } from '../support/compare.js';
import { documentOfThree, geometryOf, grid, heatAt, mapOf, photograph, threeMaps } from './samples.js';
import { distance, expectGolden, isClose } from './golden.js';

/** The texts of a drawing, in their order. */
function textsOf({ shapes }: Drawing): string[] {
  return shapes.flatMap(({ label }) => label ?? []);
}

/** Its map one patch to the right. */
function shifted(map: ComputedMap): ComputedMap {
  const values = map.values.map((_, i) => map.values[i % grid[1] === 0 ? i : i - 1]);
  return { ...map, values };
}

/** From each channel to the one that takes its place. */
const offsets = [2, 0, -2];

/** Red and blue changed for each other. */
function swapped({ pictures, ...drawing }: Drawing): Drawing {
  const turned = ({ data, width, height }: Picture): Picture => {
    return { width, height, data: data.map((_, i) => data[i + offsets[i % 3]]) };
  };
  return { ...drawing, pictures: pictures.map((one) => ({ ...one, picture: () => turned(one.picture()) })) };
}

const picture = photograph(300, 200);
const content: PanelContent = {
  title: 'Bär 猫.png',
  picture,
  document: documentOfThree(picture),
  maps: threeMaps(picture),
};

describe('a panel', () => {
  test('is the golden one, which a shifted grid, swapped channels, or other words are not', async () => {
    const [rollout, first, second] = content.maps;
    const { document } = content;
    const panel = drawPanel(content);
    await expectGolden('panel', panel, [
      drawPanel({ ...content, maps: [shifted(rollout), first, second] }),
      drawPanel({ ...content, maps: [rollout, shifted(first), second] }),
      drawPanel({ ...content, maps: [rollout, second, first] }),
      swapped(panel),
      drawPanel({ ...content, document: { ...document, predictions: document.predictions.toReversed() } }),
    ]);
  });

  test('tells of the picture, the classes, the maps and by what they were made', () => {
    const texts = textsOf(drawPanel(content));
    for (const expected of [
      'Bär 猫.png',
      'as the model saw it',
      '224 x 224, the middle of the picture',
      ...['tabby', '43.2 %', 'чайник, 茶', '0.0 %'],
      ...['rollout', 'what was looked at, for any class', 'recommended: tabby', 'recommended: tiger cat'],
      ...['0.002', '0.032', '−0.03 against', '0', 'for 0.03', 'for 3.00e−5'],
      ...['model', 'deit_tiny_patch16_224', 'device', 'reference: TypeScript, float64'],
      'log-probability of tabby (0); log-probability of tiger cat (1)',
      'this is a note of the picture',
    ]) {
      expect(texts).toContain(expected);
    }
    expect(texts.join(' ')).toContain(
      'rollout (head fusion mean, discard ratio 0, layers 0-11); recommended (form evidence)',
    );
  });

  test('of a picture that was seen whole says so, and of a contrast, of features and of no class what they are', () => {
    const square = photograph(64, 64);
    const whole = { ...geometryOf(square), crop: { x: 0, y: 0, width: 256, height: 256 } };
    const { document, maps } = content;
    const { explanations } = document;
    const told = [
      { ...explanations[1], options: { against: 7 } },
      { ...explanations[1], class: null, target: 'feature:17' },
    ];
    const texts = textsOf(
      drawPanel({
        ...content,
        picture: square,
        maps: maps.slice(1).map((map) => ({ ...map, geometry: whole })),
        document: { ...document, predictions: [], explanations: told },
      }),
    );
    expect(texts).toContain('256 x 256, all of the picture');
    expect(texts).toContain('recommended: tabby (0 − 7)');
    expect(texts).toContain('recommended: feature:17');
    expect(texts).toContain('log-probability of tabby (0 − 7); feature:17');
    expect(texts).not.toContain('top classes');
    const alone = {
      ...content,
      maps: maps.slice(0, 1),
      document: { ...document, explanations: explanations.slice(0, 1) },
    };
    expect(textsOf(drawPanel(alone))).toContain('none: the same for every class');
  });

  test('with measures has them below the map that they are about', async () => {
    const { document } = content;
    const measures = {
      class: 0,
      scores: { srg: 6.178, deletion: 0.0532, insertion: 0.632, abpc: 3.1 },
      random: { srg: -0.384, deletion: 0.309, insertion: 0.426, abpc: 0.2 },
      uniform: { srg: 0, deletion: 0.362, insertion: 0.362, abpc: 0 },
      tenth: { whole: 0.573, warmest: 0.15, random: 0.566 },
      sentence: 'taking away the warmest tenth lowers the probability of tabby from 57 % to 15 %',
    };
    const [rollout, first, second] = document.explanations;
    const measured = (explanations: typeof document.explanations): Drawing =>
      drawPanel({ ...content, document: { ...document, explanations } });
    const panel = measured([rollout, { ...first, measures }, second]);
    const others = [
      measured([rollout, { ...first, measures: { ...measures, scores: measures.random } }, second]),
      measured([rollout, first, { ...second, measures }]),
      measured([rollout, first, second]),
    ].filter(({ height }) => height === panel.height);
    expect(others).toHaveLength(2);
    await expectGolden('panel-measured', panel, others);
    const texts = textsOf(panel);
    for (const row of [
      ['this map', 'random', 'uniform'],
      ['deletion', '0.053', '0.309', '0.362'],
      ['insertion', '0.632', '0.426', '0.362'],
      ['srg', '6.18', '−0.38', '0.00'],
    ]) {
      const at = texts.indexOf(row[0]);
      expect(texts.slice(at, at + row.length)).toEqual(row);
    }
    const all = texts.join(' ').replaceAll('\u00a0', ' ');
    expect(all).toContain(measures.sentence);
    expect(all).toContain('the lower the better: deletion; the others the higher');
  });

  test('of more maps has rows of three, and of a view a tile for each of its maps', () => {
    const { document, maps } = content;
    const captions = ['head 0', 'head 1', 'head 2', 'head 3'];
    const view = {
      ...mapOf(
        'attention',
        picture,
        new Float32Array(4 * 196).map((_, i) => i % 7),
      ),
      captions,
    };
    const explanation = { ...document.explanations[0], method: 'attention' };
    const panel = drawPanel({
      ...content,
      maps: [view],
      document: { ...document, explanations: [explanation] },
    });
    expect(textsOf(panel)).toEqual(expect.arrayContaining(captions));
    const usual = drawPanel({ ...content, maps: maps.slice(0, 3) });
    expect(panel.width).toBe(usual.width);
    expect(panel.height).toBeGreaterThan(usual.height);
    // A picture as the model saw it, four maps, and four colour bars.
    expect(panel.pictures).toHaveLength(9);
  });

  test.each([
    ['a tall one', 40, 400],
    ['a wide one', 400, 40],
    ['a tiny one', 1, 1],
  ])('of %s is as large as any', (_, width, height) => {
    const other = photograph(width, height);
    const panel = drawPanel({ ...content, picture: other, maps: threeMaps(other) });
    const usual = drawPanel(content);
    expect([panel.width, panel.height]).toEqual([usual.width, usual.height]);
  });
});

describe('a sheet', () => {
  const captions = [
    'block 0',
    'block 1, a caption that is longer than the map is wide, so that it takes lines',
    'block 2',
  ];
  const sheet: Sheet = {
    title: 'attention, block by block',
    picture,
    geometry: geometryOf(picture),
    colormap: 'turbo',
    rows: [0, 1].map((row) =>
      captions.map((caption, i) => ({
        caption,
        map: { grid, values: heatAt(3 * i, 2 + 8 * row).map((x) => x * (1 + i)) },
      })),
    ),
    scale: 'map',
    notes: ['a note below'],
  };

  test('is the golden one at each scale, which are not each other, nor that of a shifted grid', async () => {
    const [perMap, perRow, ofAll] = (['map', 'row', 'all'] as const).map((scale) =>
      drawSheet({ ...sheet, scale }),
    );
    const [[first, middle, last], second] = sheet.rows;
    const moved = { ...last, map: { grid, values: heatAt(6, 3).map((x) => 3 * x) } };
    const withMoved = (scale: Sheet['scale']): Drawing =>
      drawSheet({ ...sheet, scale, rows: [[first, middle, moved], second] });
    await expectGolden('sheet-map', perMap, [withMoved('map'), swapped(perMap)]);
    await expectGolden('sheet-row', perRow, [withMoved('row'), swapped(perRow)]);
    await expectGolden('sheet-all', ofAll, [withMoved('all'), swapped(ofAll)]);
    // Of one map the scale is no matter to its colours: what is told of it is.
    const [[own], [shared]] = [perMap.pictures, ofAll.pictures];
    expect(isClose(distance(own.picture(), shared.picture()))).toBe(false);
  });

  test('says its scale, and every range', () => {
    expect(textsOf(drawSheet(sheet)).join(' ')).toContain(
      'Colours: each map from its own smallest value to its own largest',
    );
    expect(textsOf(drawSheet(sheet)).filter((text) => text === '0.002 … 0.032')).toHaveLength(2);
    const all = textsOf(drawSheet({ ...sheet, scale: 'all' }));
    expect(all).toContain('Colours: all maps on one scale.');
    expect(all).toContain('a note below');
    expect(all.filter((text) => text === '0.096')).toHaveLength(1);
  });

  test('is laid out so that it can be looked at: a single row in lines, many rows small', () => {
    const cells = (count: number): Sheet['rows'][number] =>
      Array.from({ length: count }, () => sheet.rows[0][0]);
    const sizeOf = (rows: Sheet['rows'], columns?: number): number[] => {
      const { width, height } = drawSheet({ ...sheet, rows, ...(columns === undefined ? {} : { columns }) });
      return [width, height];
    };
    const [narrow, high] = sizeOf([cells(12)]);
    const [wide, low] = sizeOf([cells(12)], 6);
    expect(wide).toBeGreaterThan(narrow);
    expect(low).toBeLessThan(high);
    const [, ofMany] = sizeOf(Array.from({ length: 12 }, () => cells(3)));
    expect(ofMany).toBeLessThan(1800);
    expect(sizeOf([cells(12), cells(12)])[0]).toBeLessThan(1200);
  });

  test('of a view has each of its maps, drawn over what the model saw', () => {
    const values = new Float32Array([...heatAt(2, 3), ...heatAt(9, 9)]);
    const view = { ...mapOf('attention', picture, values), options: {}, captions: ['head 0', 'head 1'] };
    const drawing = sheetOfView(picture, view);
    expect(textsOf(drawing)).toEqual(expect.arrayContaining(['attention', 'head 0', 'head 1']));
    const [one, other] = drawing.pictures.map((placed) => placed.picture());
    expect([one.width, one.height]).toEqual([448, 448]);
    expect(isClose(distance(one, other))).toBe(false);
    const single = { ...mapOf('rollout', picture, heatAt(2, 3)), captions: undefined };
    expect(areSame(sheetOfView(picture, single).pictures[0].picture(), one)).toBe(true);
  });
});

describe('frames', () => {
  const cells = ['short', 'a caption that is much longer than the others, and needs a second line'].map(
    (caption, i) => ({
      caption,
      map: { grid, values: heatAt(3 + 4 * i, 4).map((x) => x * (1 + i)) },
    }),
  );
  const sheet: Sheet = {
    title: 'rollout',
    picture,
    geometry: geometryOf(picture),
    colormap: 'turbo',
    rows: [cells],
    scale: 'map',
  };

  test('are all of one size, each map with its caption and its scale', () => {
    const frames = drawFrames(sheet);
    const [first, second] = frames;
    expect([first.width, first.height]).toEqual([second.width, second.height]);
    expect(textsOf(first)).toEqual(['rollout', '0.002', '0.032', 'short']);
    expect(textsOf(second).slice(0, 3)).toEqual(['rollout', '0.004', '0.064']);
    const [own] = frames.map(({ pictures }) => pictures[0].picture());
    const shared = drawFrames({ ...sheet, scale: 'all' });
    expect(shared.map((frame) => textsOf(frame).slice(1, 3))).toEqual([['0.002', '0.064'], ['0.002', '0.064']]); // prettier-ignore
    expect(isClose(distance(own, shared[0].pictures[0].picture()))).toBe(false);
  });
});

describe('a caption', () => {
  test('is the golden one, and leaves the picture above it as it is', async () => {
    const heat = overlay(picture, { grid, values: heatAt(5, 5) }, geometryOf(picture));
    const drawing = captioned(heat, 'By another model, and here is why: it could not be had, and so on.');
    await expectGolden(
      'captioned',
      drawing,
      [captioned(heat, 'By another model, and here is why.'), swapped(drawing)].slice(1),
    );
    const drawn = rasterise(drawing);
    expect(drawn.width).toBe(heat.width + (320 - 300));
    for (let y = 0; y < heat.height; y++) {
      const above = drawn.data.subarray(3 * y * drawn.width, 3 * (y * drawn.width + heat.width));
      expect(haveSameBits(above, heat.data.subarray(3 * y * heat.width, 3 * (y + 1) * heat.width))).toBe(
        true,
      );
    }
  });

  test('has room below a picture that is tiny', () => {
    const drawn = rasterise(captioned(photograph(1, 1), 'a few words below a dot'));
    expect(drawn.width).toBe(320);
    expect(Math.min(...drawn.data.subarray(3 * 320))).toBeLessThan(60);
  });
});

describe('objects', () => {
  const logits = Float32Array.from([5, 4, 1]);
  const withObjects = (maps: readonly ComputedMap[]): Drawing => {
    const found = maps.map((map) => ({ ...map, objects: findObjects(map, logits, 'mean') }));
    const explanations = content.document.explanations.map((explanation, i) => {
      const { threshold, level = null, found: objects } = found[i].objects;
      const told = objects.map(({ box: { x, y, width, height }, area, score }) => {
        return { box: [x, y, width, height] as const, area, score };
      });
      return { ...explanation, objects: { threshold, level, found: told } };
    });
    return drawObjects({ ...content, maps: found, document: { ...content.document, explanations } });
  };

  test('are the golden ones, which those of a shifted grid, of other maps or of swapped channels are not', async () => {
    const [rollout, first, second] = content.maps;
    const drawn = withObjects(content.maps);
    await expectGolden('objects', drawn, [
      withObjects([shifted(rollout), first, second]),
      withObjects([rollout, shifted(first), second]),
      withObjects([rollout, second, first]),
      swapped(drawn),
    ]);
  });

  test('are told of: what they are, how sure, and by which threshold', () => {
    const texts = textsOf(withObjects(content.maps));
    const certain = Math.exp(5) / (Math.exp(5) + Math.exp(4) + Math.exp(1));
    expect(texts).toContain(`tabby ${certain.toFixed(2)}`);
    expect(texts).toContain('rollout 1.00');
    expect(texts.join(' ')).toContain(
      'rollout: what rises at least twice as high as the map does on average',
    );
    const flat = content.maps.map((map) => ({ ...map, values: new Float32Array(196).fill(1) }));
    expect(textsOf(withObjects(flat)).filter((text) => text === 'nothing lies above it')).toHaveLength(3);
  });

  test.each([
    ['a tall one', 40, 400],
    ['a tiny one', 3, 2],
    ['a large one', 2400, 1000],
  ])('of %s are drawn at a size at which they can be seen', (_, width, height) => {
    const other = photograph(width, height);
    const maps = threeMaps(other).map((map) => ({ ...map, objects: findObjects(map, logits, 'mean') }));
    const { pictures } = drawObjects({ ...content, picture: other, maps });
    const longest = 2 * Math.max(pictures[0].width, pictures[0].height);
    expect(longest).toBe(width > 1000 ? 1600 : 640);
    const { width: drawnWidth, height: drawnHeight } = pictures[0].picture();
    expect(drawnWidth / drawnHeight).toBeCloseTo(width / height, 1);
  });
});
