import { UsageError } from '../errors.js';
import { attention, isView, recommended, rollout, type AnyMethod, type Wording } from '../explain/index.js';
import { sizesOf, type VisionTransformerConfig } from '../models/index.js';
import { chooseMethods, chooseStrip, chooseSweep, strips, type ChosenMethod } from '../pipeline/index.js';
import { scales } from '../report/index.js';
import { checkThreshold, usualThreshold, type Threshold } from '../image/index.js';
import { animationFormats, objectsFigure, overlays, panel, type FigureKind } from './figures.js';
import { oneOf } from './one-of.js';
import { stripFigure, sweepFigure } from './series-figures.js';
import { parseSweep } from './sweep-text.js';

/** What of the command says how maps are shown. */
export interface RawShownAs {
  readonly method?: string;
  readonly panel?: boolean;
  readonly strip?: string;
  readonly sweep?: string;
  readonly objects?: boolean;
  readonly threshold?: string;
  readonly scale?: string;
  readonly animation?: string;
}

/** How maps are shown, and which maps that takes. */
export interface ShownAs {
  readonly figure: FigureKind;
  /** The methods that are taken where none is named; undefined: those that answer the question for whoever names none. */
  readonly methods?: readonly AnyMethod[];
  /** What of each map is taken for objects, if they are looked for. */
  readonly threshold?: Threshold;
  readonly choose: (
    methods: readonly AnyMethod[],
    given: Readonly<Record<string, unknown>>,
    config: VisionTransformerConfig,
    wording: Wording,
  ) => readonly ChosenMethod[];
}

/** Each by the option that asks for it. */
const ways = {
  panel: (): ShownAs => ({ figure: panel, choose: chooseMethods }),
  strip(raw): ShownAs {
    const strip = oneOf('--strip', raw.strip!, strips);
    return {
      figure: stripFigure(strip, ...scaleOf(raw)),
      methods: [attention],
      choose: eachWithOwn((method, ...rest) => chooseStrip(method, strip, ...rest)),
    };
  },
  objects(raw): ShownAs {
    const threshold = raw.threshold === undefined ? usualThreshold : thresholdOf(raw.threshold);
    return {
      figure: objectsFigure(threshold),
      methods: [recommended],
      threshold,
      choose(methods, ...rest) {
        const view = methods.find(isView);
        if (view === undefined) return chooseMethods(methods, ...rest);
        throw new UsageError(
          `${view.name} makes several maps, and --objects takes methods of one; leave it out.`,
        );
      },
    };
  },
  sweep(raw): ShownAs {
    const sweep = parseSweep(raw.sweep!);
    return {
      figure: sweepFigure(sweep, raw.sweep!, ...scaleOf(raw)),
      methods: [rollout],
      choose: eachWithOwn((method, ...rest) => chooseSweep(method, sweep, ...rest)),
    };
  },
} as const satisfies Record<string, (raw: RawShownAs) => ShownAs>;

type Choose = ShownAs['choose'];
type ChooseOne = (method: AnyMethod, ...rest: Rest<Parameters<Choose>>) => ReturnType<Choose>;
type Rest<All extends readonly unknown[]> = All extends readonly [unknown, ...infer Others] ? Others : never;

/** Of several methods each is given those of the options that it has, as where they are not compared. */
function eachWithOwn(chooseOne: ChooseOne): Choose {
  return (methods, given, config, wording) => {
    if (methods.length > 1) chooseMethods(methods, given, config, wording);
    return methods.flatMap((method) => {
      const has = (name: string): boolean => Object.hasOwn(method.options(sizesOf(config)), name);
      const own = Object.entries(given).filter(([name]) => methods.length === 1 || has(name));
      return chooseOne(method, Object.fromEntries(own), config, wording);
    });
  };
}

const names = Object.keys(ways) as (keyof typeof ways)[];

/**
 * A panel where no method is named, else each map for itself, unless another way is asked for.
 * @throws UsageError if several are, or one that there is not
 */
export function shownAs(raw: RawShownAs): ShownAs {
  const asked = names.filter((name) => raw[name] !== undefined && raw[name] !== false);
  if (asked.length > 1) {
    throw new UsageError(`--${asked[0]} and --${asked[1]} show the maps in two ways; give one of them.`);
  }
  const ofSeries = (['scale', 'animation'] as const).find((name) => raw[name] !== undefined);
  if (ofSeries !== undefined && raw.strip === undefined && raw.sweep === undefined) {
    throw new UsageError(`--${ofSeries} is for maps that are compared; give it with --strip or --sweep.`);
  }
  if (raw.threshold !== undefined && !raw.objects) {
    throw new UsageError('--threshold says what of a map is an object; give it with --objects.');
  }
  if (asked.length === 1) return ways[asked[0]](raw);
  return raw.method === undefined ? ways.panel() : { figure: overlays, choose: chooseMethods };
}

function thresholdOf(text: string): Threshold {
  const number = text.trim() === '' ? NaN : Number(text);
  const threshold: unknown = Number.isNaN(number) ? text.trim() : number;
  checkThreshold(threshold);
  return threshold;
}

function scaleOf({ scale, animation }: RawShownAs) {
  return [
    oneOf('--scale', scale ?? 'map', scales),
    animation === undefined ? undefined : oneOf('--animation', animation, animationFormats),
  ] as const;
}
