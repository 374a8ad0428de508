import type { Preprocessing } from '../image/index.js';
import { demoModel, type ModelEntry } from '../models/index.js';
import { completed } from '../models/vision-transformer-config.js';
import { configInWords } from './config-in-words.js';
import { inPixels, licenceInWords, millions, outputInWords } from './model-in-words.js';
import type { KnownModel } from './models.js';

/**
 * All about a model, a line for each thing.
 * @param all the models there are
 */
export function modelDetails({ entry, parameters, path }: KnownModel, all: readonly ModelEntry[]): string {
  const { name, tag, config, preprocessing, hub, licence } = entry;
  const facts: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['model', [name]],
    ['trained', tag === undefined ? [] : [`${tag}, as timm calls it`]],
    ['parameters', [`${millions(parameters)} (${parameters})`]],
    ['built of', configInWords(completed(config))],
    ['gives', [outputInWords(entry) + (entry.labels || entry.output !== 'classes' ? '' : ' without names')]],
    ['pictures', picturesInWords(preprocessing)],
    ['licence', [licenceInWords(licence)]],
    [
      'from',
      [hub ? `https://huggingface.co/${hub.repo}` : entry === demoModel ? 'ships with vitrine' : name],
    ],
    ['weights', [path ?? 'not here; explain downloads them when it first needs them']],
    ['concluded', entry.concluded ?? []],
    ['note', native(entry, all).map(({ name: other }) => `trained with QuickGELU, which it has as ${other}`)],
    ['see also', siblings(entry, all).map((other) => other.name)],
  ];
  const width = Math.max(...facts.map(([title]) => title.length));
  return facts
    .flatMap(([title, lines]) => lines.map((line, i) => `${(i === 0 ? title : '').padEnd(width)}  ${line}`))
    .join('\n');
}

/** The other checkpoints of a model's architecture. */
function siblings(entry: ModelEntry, all: readonly ModelEntry[]): readonly ModelEntry[] {
  const [architecture] = entry.name.split('.');
  return all.filter((other) => other !== entry && other.name.split('.')[0] === architecture);
}

/** timm has some weights of CLIP under two names: with GELU, and with the QuickGELU that they were trained with. */
function native(entry: ModelEntry, all: readonly ModelEntry[]): readonly ModelEntry[] {
  if (entry.hub === undefined || isQuick(entry)) return [];
  return all.filter((other) => other.hub?.repo === entry.hub?.repo && isQuick(other));
}

function isQuick({ config }: ModelEntry): boolean {
  return config.mlp === 'quick-gelu';
}

function picturesInWords(preprocessing: Preprocessing): readonly string[] {
  const { size, mean, std, interpolation = 'bicubic' } = preprocessing;
  return [
    `${resizedInWords(preprocessing)} (${interpolation}), of which the middle ${inPixels(size)} are seen`,
    `minus ${mean.join(', ')}, divided by ${std.join(', ')}`,
  ];
}

function resizedInWords(preprocessing: Preprocessing): string {
  switch (preprocessing.fit) {
    case 'crop':
      return `the short side becomes ${preprocessing.shortSide} pixels`;
    case 'cover':
      return `resized until it covers ${inPixels(preprocessing.cover)} pixels`;
    case 'squash':
      return `squashed into ${inPixels(preprocessing.resized ?? preprocessing.size)} pixels`;
    default:
      return preprocessing satisfies never;
  }
}
