import { join } from 'node:path';
import type { Backend } from '../compiler/backend.js';
import { activationMaximisation, unitName, unknownSizes, type Unit } from '../explain/index.js';
import { resize, type Picture } from '../image/index.js';
import { contactSheet, ofPicture, rasterise, tileSize, withWords, type Drawing } from '../report/index.js';
import { encodePng, type CheckpointFile, type FileToWrite, type OpenedModel } from '../node/index.js';
import { demoCaption, inWords } from './demo-model.js';
import type { DreamOptions } from './dream-options.js';
import { legibleJson } from './legible.js';
import { marked, markOf } from './marks.js';
import { deviationsOf } from './method-options.js';
import { modelInName } from './result-names.js';

/** What is asked for. */
export interface Dreamt {
  readonly unit: Unit;
  /** Of a logit, the name of its class. */
  readonly label: string | undefined;
  readonly options: DreamOptions;
  readonly opened: OpenedModel;
}

/** The picture after some step. */
export interface Frame {
  readonly step: number;
  /** How much it excites the unit. */
  readonly activation: number;
  readonly picture: Picture;
}

/** What came of it. */
interface Ascent {
  /** The last is the result. */
  readonly frames: readonly Frame[];
  /** Before each step. */
  readonly activations: readonly number[];
}

interface About {
  readonly weights: CheckpointFile;
  readonly sha256: string;
  readonly device: Pick<Backend, 'name' | 'adapter'>;
  readonly run_ms: number;
}

/** Pictures on the sheet of a sequence at most. */
const most = 12;

/**
 * The files of a dream: the picture, the sequence on one sheet, the document, and, where they are asked for, the pictures on the
 * way.
 */
export function dreamFiles({ unit, label, options, opened }: Dreamt) {
  const { name, fallback } = opened;
  const { ascent, every, out, asked } = options;
  const mark = markOf(activationMaximisation.name, asked.weights);
  const chosen = { method: activationMaximisation, options: ascent };
  const stem = [
    ...modelInName(name, asked.weights, asked.imageSize),
    activationMaximisation.name,
    ...deviationsOf(chosen, unknownSizes),
    unitName(unit).replace(':', '-'),
  ].join('.');
  const path = (ending: string): string => join(out, `${stem}.${ending}`);
  const digits = String(ascent.steps).length;
  const ofStep = (step: number): string => path(`step-${String(step).padStart(digits, '0')}.png`);
  const [drawn, sequence, json] = [path('png'), path('sequence.png'), path('json')];
  const kept = every === undefined ? [] : multiples(every, ascent.steps);
  const png = (drawing: Drawing): Uint8Array =>
    marked(encodePng(rasterise(fallback ? withWords(drawing, demoCaption) : drawing)), mark);
  return {
    mark,
    names: [drawn, sequence, json, ...kept.map(ofStep)],
    results({ frames, activations }: Ascent, { weights, sha256, device, run_ms }: About) {
      const last = frames[frames.length - 1];
      const document = {
        generator: mark,
        method: activationMaximisation.name,
        unit: unitName(unit),
        ...(label === undefined ? {} : { label }),
        options: ascent,
        model: {
          name,
          weights: weights.path,
          sha256,
          ...(fallback ? { note: `This is ${inWords(fallback)}.` } : {}),
        },
        device: { backend: device.name, adapter: device.adapter },
        /** Of the picture, and of those before each step. */
        activation: last.activation,
        activations,
        file: drawn,
        sequence,
        timings: { run_ms },
      };
      const files: FileToWrite[] = [
        { path: drawn, data: png(ofPicture(last.picture)) },
        { path: sequence, data: png(sheetOf(frames)) },
        ...frames
          .filter(({ step }) => kept.includes(step))
          .map(({ step, picture }) => ({ path: ofStep(step), data: png(ofPicture(picture)) })),
        { path: json, data: `${legibleJson(document, 1)}\n` },
      ];
      return { files, document };
    },
  };
}

function multiples(every: number, end: number): number[] {
  return Array.from({ length: Math.floor(end / every) }, (_, i) => (i + 1) * every);
}

/** Some of the pictures side by side, the last among them. */
function sheetOf(frames: readonly Frame[]): Drawing {
  const count = Math.min(most, frames.length);
  const some = Array.from(
    { length: count },
    (_, i) => frames[Math.ceil(((i + 1) * frames.length) / count) - 1],
  );
  const { width, height } = tileSize(frames[0].picture, count);
  return contactSheet(
    some.map(({ step, activation, picture }) => ({
      caption: `step ${step}: ${activation.toPrecision(3)}`,
      picture: resize(picture, width, height),
    })),
  );
}
