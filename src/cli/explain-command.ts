import { Option, type Command } from 'commander';
import { colormapNames, usualThreshold } from '../image/index.js';
import { defaultModelName, demoModel } from '../models/index.js';
import { deviceNames } from '../node/index.js';
import { featureTargets, strips } from '../pipeline/index.js';
import { scales } from '../report/index.js';
import type { RawExplainOptions } from './explain-options.js';
import { explainAll } from './explain.js';
import { animationFormats } from './figures.js';
import { ablationRows } from './ablation.js';
import { methodOptions } from './method-options.js';
import { saveRow } from './saved.js';
import { selfCheck } from './self-check.js';

const list = (names: readonly string[]): string => names.join(' | ');

const examples = `Examples:
  vitrine explain photo.jpg                                   one panel: what was looked at, and why
  vitrine explain photo.jpg --class cat,dog                   the same for two classes
  vitrine explain photo.jpg --method gradient-rollout         a map over the picture, in a file of its own
  vitrine explain photo.jpg --objects                         boxes and masks of what it saw
  vitrine explain photo.jpg --strip layers                    attention of every layer
  vitrine explain photo.jpg --sweep discard-ratio=0:0.9:0.1   rollout with every value of an option
  vitrine explain photo.jpg --html photo.html                 a page to look around in, to be passed on
`;

type Row = readonly [flags: string, help: string, fallback?: string];

/** Options by what they are about, in the order of the help. */
const groups: Readonly<Record<string, readonly Row[]>> = {
  'What to look at:': [
    [
      '--image <path...>',
      'pictures to explain: PNG, JPEG, WebP, TIFF, GIF, AVIF, BMP, PPM; - for the standard input',
    ],
    [
      '--method <names>',
      'one or several, separated by commas: "vitrine methods" lists them, "vitrine methods NAME" tells their options; ' +
        'all: each that makes one map in one run; views: each that makes several (default: rollout and recommended, in one panel)',
    ],
    [
      '--class <classes>',
      'index, name, topK, or a contrast such as 87-161 or dog..cat, separated by commas (default: the most probable class, ' +
        'in a panel also the second if it has more than 10 %)',
    ],
    [
      '--target <targets>',
      `what to explain: logit or logprob of a class (default: logit); of a model without classes, separated by commas, ${featureTargets} (how alike the two pictures are)`,
    ],
  ],
  'What to do to it:': [
    ...ablationRows,
    [
      '--measure',
      'tell of each map whether it can be believed: what becomes of the class without its patches',
    ],
    [
      '--frames <range>',
      'of moving pictures (GIF, WebP, folders of frames): the first and the last frame that are explained, such as 0-9, or all; written as animations with one scale',
    ],
  ],
  'How to show it:': [
    [
      '--panel',
      'one picture of all maps, with classes, scales, and by what it was made, where methods are named too',
    ],
    [
      '--objects',
      'boxes and masks of what each map shows, on the picture and as COCO JSON (default: of recommended)',
    ],
    [
      '--threshold <value>',
      `what of a map is an object: mean (twice it), otsu, or a share of its range, such as 0.2 (default: ${usualThreshold})`,
    ],
    ['--strip <name>', `one picture of a method at every layer, every head, or both: ${list(strips)}`],
    [
      '--sweep <values>',
      'one picture of a method with each value of an option: discard-ratio=0:0.9:0.1, head-fusion=mean,max,min',
    ],
    [
      '--scale <name>',
      `which maps of --strip and --sweep share a scale: ${list(scales)} (default: ${scales[0]})`,
    ],
    [
      '--animation <format>',
      `the maps of --strip or --sweep one after the other, too: ${list(animationFormats)}`,
    ],
    ['--no-preview', 'show no picture in the terminal'],
    [
      '--colormap <name>',
      `${list(colormapNames)} (default: turbo; rdbu_r for signed maps, gray for channels)`,
    ],
  ],
  'How to compute it:': [
    [
      '--model <name>',
      `one that "vitrine models" lists, hf:OWNER/NAME[@REVISION], or the path of a folder or a checkpoint (default: ${defaultModelName} if its weights can be had, else ${demoModel.name}, which ships)`,
    ],
    ['--weights <file>', 'checkpoint (safetensors, PyTorch, NumPy), instead of searching for one'],
    ['--image-size <size>', "height and width of the model's input, such as 384 or 384x512, if not its own"],
    ['--labels <file>', 'names of the classes, one a line or JSON'],
    ['--device <name>', list(deviceNames), deviceNames[0]],
    ['--adapter <text>', "part of a WebGPU adapter's name"],
    ['--threads <number>', 'threads of native or wasm (default: one a core)'],
    ['--self-check', 'check whether the device computes correctly, and do nothing else'],
  ],
  'Where to write:': [
    ['--out <dir>', 'folder for the results, made if it does not exist', 'explanations'],
    ['--html <file>', 'one page of all maps to look around in and pass on; of several pictures an index'],
    saveRow,
    ['--force', 'replace files of the same names that are of other pictures or not of vitrine'],
    ['--json', 'print a JSON document of each picture, one a line, and nothing else'],
  ],
};

/** Adds `vitrine explain`. */
export function addExplainCommand(program: Command): void {
  const command = program
    .command('explain')
    .description(
      'Show what a vision transformer looked at in each picture, and why, and write the numbers as JSON.',
    )
    .argument('[pictures...]', 'pictures to explain, like --image')
    .addHelpText('before', examples);
  for (const [title, rows] of Object.entries(groups)) {
    for (const [flags, help, fallback] of rows) {
      command.addOption(new Option(flags, help).default(fallback).helpGroup(title));
    }
  }
  for (const option of methodOptions()) command.addOption(option.helpGroup('Options of methods:'));
  command.action(async (pictures: string[], raw: RawExplainOptions) => {
    process.exitCode = await runOf(raw)(raw, pictures);
  });
}

/** What is done, by what was asked for. */
function runOf(raw: RawExplainOptions): (raw: RawExplainOptions, pictures: string[]) => Promise<number> {
  if (raw.selfCheck) return selfCheck;
  const { frames } = raw;
  if (frames === undefined) return explainAll;
  // Loaded only when wanted.
  return async (all, pictures) => (await import('./frames.js')).explainFrames({ ...all, frames }, pictures);
}
