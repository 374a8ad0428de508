import { type Command } from 'commander';
import { gradientRolloutVariants, headFusions, methodNames } from '../explain/index.js';
import { colormapNames } from '../image/index.js';
import { modelNames } from '../models/index.js';
import { deviceNames } from '../node/index.js';
import { compatNames, type RawExplainOptions } from './explain-options.js';
import { explainAll } from './explain.js';
import { selfCheck } from './self-check.js';

/** Adds `vitrine explain`. */
export function addExplainCommand(program: Command): void {
  const list = (names: readonly string[]): string => names.join(' | ');
  program
    .command('explain')
    .description('Draw what a vision transformer looked at over each picture, and write the map as JSON.')
    .argument('[pictures...]', 'pictures to explain, like --image')
    .option('--image <path...>', 'pictures to explain: PNG, JPEG, WebP, TIFF, GIF, AVIF')
    .option(
      '--model <name>',
      `${list(modelNames)} (default: the first if its weights can be had, else the last, which ships)`,
    )
    .option('--weights <file>', 'safetensors checkpoint, instead of searching for one')
    .option('--method <names>', `one or several, separated by commas: ${list(methodNames)}`, methodNames[0])
    .option('--head-fusion <name>', `how the heads become one matrix: ${list(headFusions)}`, headFusions[0])
    .option('--discard-ratio <number>', 'share of the weakest attention that is dropped in each layer', '0')
    .option(
      '--variant <name>',
      `of gradient-rollout: ${list(gradientRolloutVariants)}`,
      gradientRolloutVariants[0],
    )
    .option('--layers <A-B>', 'first and last block that take part, counted from 0 (default: all)')
    .option(
      '--class <classes>',
      'index, name, topK, or a contrast such as 87-161, separated by commas (default: the most probable class); ' +
        'rollout is the same for every class',
    )
    .option('--compat <script>', `compute the maps as a script does: ${list(compatNames)}`)
    .option('--device <name>', list(deviceNames), deviceNames[0])
    .option('--adapter <text>', "part of a WebGPU adapter's name")
    .option('--threads <number>', 'threads of the native backend (default: the cores the process may use)')
    .option('--colormap <name>', `${list(colormapNames)} (default: turbo; rdbu_r for signed maps)`)
    .option('--out <dir>', 'folder for the results, made if it does not exist', 'explanations')
    .option('--self-check', 'check whether the device computes correctly, and do nothing else')
    .option('--json', 'print the JSON documents, one a line, and nothing else')
    .action(async (pictures: string[], raw: RawExplainOptions) => {
      process.exitCode = raw.selfCheck ? await selfCheck(raw) : await explainAll(raw, pictures);
    });
}
