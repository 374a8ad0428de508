import { basename, extname } from 'node:path';
import type { AnyMethod, Score } from '../explain/index.js';
import type { ColormapName } from '../image/index.js';
import { defaultModelName, sizesOf, type Extent, type ModelEntry } from '../models/index.js';
import type { AskedTarget, ChosenMethod, ComputedMap } from '../pipeline/index.js';
import { fittingColormap } from '../report/index.js';
import { ablationName, type AskedAblation } from './ablation.js';
import { legible } from './legible.js';
import { deviationsOf } from './method-options.js';
import { shortened } from './short-names.js';

/** What of a method the names of its results depend on. */
export interface NamedMethod extends Pick<ChosenMethod, 'options'> {
  readonly method: Pick<AnyMethod, 'name' | 'of' | 'score' | 'options' | 'shows'>;
}

/** What of a call the names of its results depend on, beside pictures, methods and classes. */
export interface Naming {
  readonly model: Pick<ModelEntry, 'name' | 'config'>;
  /** The checkpoint that was asked for by its path, if one was. */
  readonly weights: string | undefined;
  /** Of the model's input, if one was asked for. */
  readonly imageSize?: Extent | undefined;
  /** What of a class is explained. */
  readonly score: Score;
  /** Undefined: what suits the map. */
  readonly colormap: ColormapName | undefined;
  /** What was taken out, if anything was. */
  readonly ablation?: AskedAblation | undefined;
}

/**
 * Names of results, all but the part that is the picture's, without ending: `rollout.max`, `gradient-rollout.281`. Whatever is not
 * the default is in them, so that results of different options lie side by side.
 */
export function resultName(chosen: NamedMethod, className: string | undefined, naming: Naming): string {
  return figureName([chosen.method.name], [chosen], className === undefined ? [] : [className], naming);
}

/**
 * The same of several maps in one picture.
 * @param what it is, part by part
 * @param classes that it is of, if they were named
 */
export function figureName(
  what: readonly string[],
  chosen: readonly NamedMethod[],
  classes: readonly string[],
  { model, weights, imageSize, score, colormap, ablation }: Naming,
): string {
  const isOpen = chosen.some(({ method }) => method.of === 'class' && method.score === undefined);
  const isFitting = chosen.every((each) => colormap === fittingColormap(each));
  return [
    ...modelInName(model.name, weights, imageSize),
    ...what,
    ...new Set(chosen.flatMap((each) => deviationsOf(each, sizesOf(model.config)))),
    ...(ablation === undefined ? [] : [ablationName(ablation)]),
    ...(isOpen && score === 'log-probability' ? ['logprob'] : []),
    ...(colormap === undefined || isFitting ? [] : [colormap]),
    ...classes,
  ].join('.');
}

/** What names of results say of the model: nothing of the default one, as it is. */
export function modelInName(
  model: string,
  weights: string | undefined,
  imageSize: Extent | undefined,
): readonly string[] {
  const name = weights === undefined ? inFileNames(model) : stemOf(legible(basename(weights)));
  return [
    ...(weights === undefined && name === defaultModelName ? [] : [name]),
    ...(imageSize === undefined ? [] : [`size-${[imageSize].flat().join('x')}`]),
  ];
}

/** A repository of the hub has signs in its name that files may not have. */
function inFileNames(model: string): string {
  return model.replace(/^hf:/, '').replaceAll('/', '-');
}

/** What a class is called that is known only after the run. */
const ANY_CLASS = '*';

/** `87`, `87-161` for a contrast; `norm`, `feature-17` and `similarity-other` of features. */
export function classNameOf({ target }: Pick<ComputedMap, 'target'>): string | undefined {
  return target && targetName(target.kind === 'similarity' ? { ...target, path: target.name ?? '' } : target);
}

function targetName(target: Exclude<AskedTarget, { readonly kind: 'rank' }>): string {
  switch (target.kind) {
    case 'class':
      return `${target.index}`;
    case 'contrast':
      return `${target.index}-${target.against}`;
    case 'feature':
      return `feature-${target.index}`;
    case 'norm':
      return 'norm';
    case 'similarity':
      return `similarity-${stemOf(legible(basename(target.path)))}`;
    default:
      return target satisfies never;
  }
}

/** As `classNameOf`, before the run. */
export function expectedClassName(target: AskedTarget): string {
  return target.kind === 'rank' ? ANY_CLASS : targetName(target);
}

/** What the results of each method and target may be called. */
export function expectedNames(
  {
    methods,
    targets,
  }: { readonly methods: readonly NamedMethod[]; readonly targets: readonly AskedTarget[] },
  naming: Naming,
): readonly string[] {
  return methods.flatMap((chosen) => {
    const classes = chosen.method.of === 'class' ? targets.map(expectedClassName) : [undefined];
    return classes.map((className) => resultName(chosen, className, naming));
  });
}

/** As it was asked for, where the name is not to wait for the run: `top2`. */
export function askedClassName(target: AskedTarget): string {
  return target.kind === 'rank' ? `top${target.rank + 1}` : targetName(target);
}

/** The names that the part of a file's name before its ending may have been expected by. */
export function expectationsOf(name: string): readonly string[] {
  return [name, name.replace(/\d+$/, ANY_CLASS)];
}

/**
 * What the results of each picture are called after. Pictures that share a name keep their ending, and those that still do
 * are numbered, so that no result overwrites another, also where the disk takes "A" and "a" for one name. Very long names are cut.
 * @param files names of files
 */
export function uniqueStems(files: readonly string[]): string[] {
  const short = files.map(stemOf);
  const count = new Map<string, number>();
  for (const name of short) count.set(name.toLowerCase(), (count.get(name.toLowerCase()) ?? 0) + 1);
  const taken = new Set<string>();
  return files.map((file, position) => {
    const isShared = count.get(short[position].toLowerCase())! > 1;
    const stem = isShared ? shortened(file) : short[position];
    let name = stem;
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${stem}-${number}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

function stemOf(file: string): string {
  return shortened(basename(file, extname(file)));
}
