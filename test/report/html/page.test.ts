import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { htmlIndex, htmlPage, thumbnailsOf, type ExplanationDocument } from '../../../src/index.js';
import { encodePng } from '../../../src/node/index.js';
import { valuesOfMap, type PageData } from '../../../src/report/html/page-data.js';
import type { AddressOf, PageContent, Picture, ReadAttention } from '../../../src/index.js';
import { packageFolder, run } from '../../cli/command.js';
import { documentOfThree, geometryOf, photograph, threeMaps } from '../samples.js';

const picture = photograph(300, 260);
const addressOf: AddressOf = (drawn: Picture) =>
  `data:image/png;base64,${Buffer.from(encodePng(drawn)).toString('base64')}`;

function content(change: Partial<PageContent> = {}): PageContent {
  const maps = threeMaps(picture);
  const document = documentOfThree(picture);
  const explanations = document.explanations.map((explanation, i) => ({
    ...explanation,
    grid: maps[i].grid,
    // JSON has no -0.
    values: JSON.parse(JSON.stringify(Array.from(maps[i].values))) as number[],
  }));
  return {
    title: 'a picture.png',
    picture,
    maps,
    document: { ...document, explanations },
    addressOf,
    ...change,
  };
}

/** What a browser finds in an element of data. */
function dataIn(page: string, id: string): unknown {
  const [, text] = new RegExp(`<script type="application/json" id="${id}">(.*?)</script>`, 's').exec(page)!;
  return JSON.parse(text) as unknown;
}

const explanationIn = (page: string): ExplanationDocument =>
  dataIn(page, 'explanation') as ExplanationDocument;
const mapsIn = (page: string): PageData => dataIn(page, 'page-data') as PageData;

/** What all that stands between tags says. */
const withoutData = (page: string): string => page.replace(/<(script|style)[^>]*>.*?<\/\1>/gs, '');

describe('a page', () => {
  test('is made of the sources of its script', async () => {
    const outcome = await run(process.execPath, [join('bundle-report.js'), '--check'], {
      cwd: packageFolder,
    });
    expect(outcome).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('lets nothing run but its own script and style, and loads nothing', () => {
    const page = htmlPage(content());
    const digest = (name: string): string => {
      const [, text] = new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(page)!;
      return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    };
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)!;
    expect(policy.replaceAll('&#39;', "'").split('; ')).toEqual([
      "default-src 'none'",
      'img-src data:',
      `style-src ${digest('style')}`,
      `script-src ${digest('script')}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    // An address of SVG's is a name.
    expect(page.match(/(?:https?:)?\/\/[\w.-]+\.\w+/g) ?? []).toEqual([]);
  });

  test('holds the document as it is, but for the folders that its files are in', () => {
    const given = content();
    const { image, model, explanations } = given.document;
    const document: ExplanationDocument = {
      ...given.document,
      image: { ...image, path: '/home/somebody/a picture.png' },
      model: { ...model, weights: 'C:\\models\\w.safetensors' },
      explanations: explanations.map((each) => ({ ...each, file: '/home/somebody/out/a.png' })),
    };
    const page = htmlPage({ ...given, document });
    expect(explanationIn(page)).toEqual({
      ...document,
      image: { ...image, path: 'a picture.png' },
      model: { ...model, weights: 'w.safetensors' },
      explanations: explanations.map((each) => ({ ...each, file: 'a.png' })),
    });
    expect(page).not.toContain('somebody');
    const told = explanationIn(page);
    for (const [i, map] of mapsIn(page).maps.entries()) {
      expect(valuesOfMap(told.explanations[map.explanation], map)).toEqual(
        given.document.explanations[i].values,
      );
    }
    expect(mapsIn(page).maps.map(({ heading, colormap, ends }) => [heading, colormap, ends])).toEqual([
      ['rollout', 'turbo', undefined],
      ['recommended: tabby', 'rdbu_r', ['against', 'for']],
      ['recommended: tiger cat', 'rdbu_r', ['against', 'for']],
    ]);
  });

  test('shows whatever is in names as text', () => {
    const evil = '</script><img src=x onerror="alert(1)">\'&';
    const given = content({ title: evil });
    const { document } = given;
    const page = htmlPage({
      ...given,
      generator: `"${evil}`,
      document: {
        ...document,
        model: { ...document.model, name: evil, note: evil },
        predictions: document.predictions.map((each) => ({ ...each, label: evil })),
        explanations: document.explanations.map((each) => ({ ...each, label: evil, note: evil })),
      },
    });
    expect(page.match(/<img[^>]*>/g)).toHaveLength(1);
    // Of data three, and the script.
    expect(page.match(/<\/script>/g)).toHaveLength(3);
    expect(explanationIn(page).predictions[0].label).toBe(evil);
    expect(withoutData(page)).toContain(
      '&lt;/script&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;&amp;',
    );
    expect(withoutData(page)).not.toContain(evil);
  });

  test('has a map of each that a view has, and of each before and after', () => {
    const given = content();
    const [map] = given.maps;
    const [explanation] = given.document.explanations;
    const twice = Float32Array.from([...map.values, ...map.values.map((x) => 2 * x)]);
    const ablated = { values: Array.from(twice, (x) => x + 1), difference: Array.from(twice, () => 1) };
    const page = htmlPage({
      ...given,
      maps: [{ ...map, values: twice, captions: ['head 0', 'head 1'] }],
      document: { ...given.document, explanations: [{ ...explanation, values: Array.from(twice), ablated }] },
      ablated: { maps: [], words: 'without blocks.1' },
    });
    const { maps } = mapsIn(page);
    expect(maps.map(({ words, part, cell, ends }) => [words, part, cell, ends])).toEqual([
      ['head 0', 'values', 0, undefined],
      ['head 0, without blocks.1', 'ablated', 0, undefined],
      ['head 0: the difference, without blocks.1', 'difference', 0, ['less', 'more']],
      ['head 1', 'values', 1, undefined],
      ['head 1, without blocks.1', 'ablated', 1, undefined],
      ['head 1: the difference, without blocks.1', 'difference', 1, ['less', 'more']],
    ]);
    const { explanations } = explanationIn(page);
    expect(valuesOfMap(explanations[0], maps[4])).toEqual(ablated.values.slice(196));
    expect(valuesOfMap(explanations[0], maps[2])).toEqual(ablated.difference.slice(0, 196));
  });

  test('has the picture once for each way of making it ready, and no more room for several', () => {
    const given = content();
    const whole = { width: 300, height: 260 };
    const other = { original: whole, resized: whole, crop: { x: 0, y: 0, ...whole } };
    const maps = given.maps.map((map, i) => (i === 1 ? { ...map, geometry: other } : map));
    const { pictures, maps: told } = mapsIn(htmlPage({ ...given, maps }));
    expect(told.map((map) => map.picture)).toEqual([0, 1, 0]);
    expect(pictures).toEqual([
      { width: 316, height: 316 },
      { width: 316, height: 274 },
    ]);
    expect(mapsIn(htmlPage(given)).pictures).toEqual([{ width: 448, height: 448 }]);
  });

  /** As much attention as DeiT-tiny has, of values that compress as badly as any. */
  function attentionOfDeit(): ReadAttention {
    const tokens = 197;
    const layer = Float32Array.from({ length: 3 * tokens ** 2 }, (_, i) => ((i * 7919) % 10_007) / 1e6);
    return {
      form: 'heads',
      planes: ['head 0', 'head 1', 'head 2'],
      prefixTokens: 1,
      grid: [14, 14],
      layers: Array.from({ length: 12 }, () => layer),
      query: Float32Array.from({ length: tokens }, (_, token) => Number(token === 0)),
      geometry: geometryOf(picture),
    };
  }

  test('of DeiT-tiny is smaller than 3 MB, whatever the picture', () => {
    const noise = { ...picture, data: picture.data.map((_, i) => (i * 7919 + (i >> 3) * 104_729) % 251) };
    const page = htmlPage(content({ picture: noise, attention: attentionOfDeit() }));
    expect(Buffer.byteLength(page)).toBeLessThan(3_000_000);
    expect(withoutData(page)).toContain('within 1 % of the largest value of the exact map');
  });

  test('says how much of the attention of a large model it holds', () => {
    const read = attentionOfDeit();
    const pageOf = (change: Partial<ReadAttention>): string =>
      withoutData(htmlPage(content({ attention: { ...read, ...change } })));
    const one = read.layers.map((layer) => layer.subarray(0, 197 ** 2));
    expect(pageOf({ form: 'mean', planes: ['mean'], layers: one })).toContain('as the mean of the heads');
    const rows = read.layers.map((layer) => layer.subarray(0, 3 * 197));
    expect(pageOf({ form: 'query', layers: rows })).toContain('neither what patches attend to');
    expect(withoutData(htmlPage(content()))).not.toContain('Attention');
  });

  test('refuses what does not belong together', () => {
    const given = content();
    expect(() => htmlPage({ ...given, maps: given.maps.slice(1) })).toThrow(
      'htmlPage: the document tells of 3 maps, and there are 2; give at least one, and those that it tells of.',
    );
    expect(() => htmlPage({ ...given, addressOf: 'file.png' as never })).toThrow(
      'htmlPage: the content: addressOf is "file.png"; expected a function.',
    );
  });
});

describe('an index', () => {
  const document = documentOfThree(picture);
  const thumbnails = thumbnailsOf(picture, threeMaps(picture)[0], addressOf);

  test('leads to each page, with thumbnails of the picture and its first map', () => {
    const entries = ['one', 'two & "three"'].map((title) => ({
      title,
      address: `${encodeURIComponent(title)}.html`,
      thumbnails,
      document,
    }));
    const page = htmlIndex({ title: 'index', entries });
    expect([...page.matchAll(/<a href="([^"]*)">/g)].map(([, address]) => address)).toEqual([
      'one.html',
      'two%20%26%20%22three%22.html',
    ]);
    expect(page.match(/<img/g)).toHaveLength(4);
    expect(page).toContain('2 pictures, and what deit_tiny_patch16_224 looked at.');
    expect(page).toContain('tabby 43.2 %, tiger cat 25.0 %');
    expect(page).toContain('two &amp; &quot;three&quot;');
    expect(page).not.toContain('<script');
    expect(thumbnails.seen).not.toBe(thumbnails.map);
  });
});
