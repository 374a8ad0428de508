import { usualThreshold, type ColormapName, type Picture, type Threshold } from '../image/index.js';
import { cocoOf, type ComputedMap, type ExplanationDocument } from '../pipeline/index.js';
import {
  captioned,
  drawAblated,
  drawMap,
  drawObjects,
  drawPanel,
  ofPicture,
  type Drawing,
  type PanelContent,
} from '../report/index.js';
import { demoCaption } from './demo-model.js';
import type { Request } from './explain-options.js';
import {
  askedClassName,
  classNameOf,
  expectedNames,
  figureName,
  resultName,
  type Naming,
} from './result-names.js';

/** Formats of pictures that move. */
export const animationFormats = ['gif', 'webp'] as const;
export type AnimationFormat = (typeof animationFormats)[number];

/** Maps that are shown together, and what the files of that are called. */
export interface Figure {
  readonly maps: readonly ComputedMap[];
  /** Without the picture's own part, and without ending. */
  readonly name: string;
}

/** What is drawn of a figure. */
export interface FigureContent {
  /** What the picture is called. */
  readonly title: string;
  /** Its place among the pictures of the call. */
  readonly position: number;
  /** Of the model: how many there are. */
  readonly classes: number;
  readonly picture: Picture;
  readonly maps: readonly ComputedMap[];
  /** Its explanations are those of the maps, in their order. */
  readonly document: ExplanationDocument;
  /** Undefined: what suits the map. */
  readonly colormap: ColormapName | undefined;
  /** The same without what was taken out, if anything was, and what that was, in words. */
  readonly ablated?: PanelContent['ablated'];
}

/** A way of showing maps. */
export interface FigureKind {
  /** What it is called where files are told of; the maps of each figure if left out. */
  readonly title?: string;
  /** Every name that a figure may get, `*` in it for a class that is known only after the run. */
  readonly expected: (request: Request, naming: Naming) => readonly string[];
  readonly figures: (maps: readonly ComputedMap[], request: Request, naming: Naming) => readonly Figure[];
  readonly draw: (content: FigureContent) => Drawing;
  /** What is written beside picture and document, by the ending of its name. */
  readonly beside?: Readonly<Record<string, (content: FigureContent) => unknown>>;
  /** Present if the maps are also shown one after the other. */
  readonly animation?: {
    readonly format: AnimationFormat;
    readonly frames: (content: FigureContent) => readonly Drawing[];
  };
}

/** Each map over the whole picture, in files of its own. */
export const overlays: FigureKind = {
  expected: expectedNames,
  figures: (maps, _, naming) =>
    maps.map((map) => ({ maps: [map], name: resultName(map, classNameOf(map), naming) })),
  draw({ picture, maps: [map], document, colormap, ablated }) {
    if (ablated) return drawAblated(picture, map, ablated.maps[0], ablated.words, colormap);
    const heat = drawMap(picture, map, colormap);
    return document.model.note === undefined ? ofPicture(heat) : captioned(heat, demoCaption);
  },
};

/** All maps side by side, with the most probable classes, what colours stand for, and by what all this was made. */
export const panel: FigureKind = {
  title: 'panel',
  expected: (request, naming) => [jointName(['panel'], request, naming)],
  figures: (maps, request, naming) => [{ maps, name: jointName(['panel'], request, naming) }],
  draw: drawPanel,
};

/** The ending of a file of boxes and masks. */
export const cocoEnding = 'coco.json';

/** All objects that maps show, on the picture, and as COCO has them. */
export function objectsFigure(threshold: Threshold): FigureKind {
  const what = ['objects', ...(threshold === usualThreshold ? [] : [`threshold-${threshold}`])];
  return {
    title: 'objects',
    expected(request, naming) {
      const name = jointName(what, request, naming);
      return [name, `${name}.${cocoEnding.replace(/\.json$/, '')}`];
    },
    figures: (maps, request, naming) => [{ maps, name: jointName(what, request, naming) }],
    draw: drawObjects,
    beside: {
      [cocoEnding]: ({ title, position, classes, document, maps }) =>
        cocoOf(
          document,
          maps.map(({ objects }) => objects!),
          { file: title, position, classes },
        ),
    },
  };
}

/** What was left to the command is not in the name, so that the first picture that a person makes is called `panel`. */
function jointName(what: readonly string[], { named, methods, targets }: Request, naming: Naming): string {
  const classes = named.classes ? targets.map(askedClassName) : [];
  return figureName([...what, ...named.methods], methods, classes, naming);
}
