import { Option, type Command } from 'commander';
import { formats } from '../../batch/plan.js';
import { colormapNames } from '../../image/index.js';
import { defaultModelName, demoModel } from '../../models/index.js';
import { shareMemoryAmongThreads } from '../../node/devices/native.js';
import { deviceNames } from '../../node/index.js';
import { methodOptions } from '../method-options.js';
import { leaveInAnyCase } from './leave.js';
import type { RawBatchOptions } from './options.js';
import { widenThreadPool } from './thread-pool.js';
import type { RawWorkOptions } from './work.js';

const examples = `Examples:
  vitrine batch photos --out results                       every picture below a folder, one table
  vitrine batch "val/*.tar" --out results --write parquet  archives, and Parquet for other programs
  vitrine batch list.csv --out results --shard 3/8         the third of eight processes of a job array
  vitrine batch submit photos --out /shared/results --queue postgres://user@host/db
  vitrine batch work --queue postgres://user@host/db       on as many machines as there are
  vitrine batch collect --out /shared/results              the table, when all is done
`;

type Row = readonly [flags: string, help: string, fallback?: string];

const list = (names: readonly string[]): string => names.join(' | ');

const device: readonly Row[] = [
  ['--adapter <text>', "part of a WebGPU adapter's name"],
  ['--threads <number>', 'threads of native or wasm (default: the cores the process may use)'],
  ['--batch <number>', 'pictures of a run of the device (default: measured)'],
];

const queue: Row = ['--queue <address>', 'redis://HOST:PORT or postgres://USER:PASSWORD@HOST/DATABASE'];
const out: Row = ['--out <dir>', 'folder for the results, or s3://BUCKET/FOLDER', 'batch'];

/** What is done to the pictures. */
const what: readonly Row[] = [
  ['--method <names>', 'as for explain, but views (default: rollout and recommended)'],
  ['--class <classes>', 'as for explain (default: the most probable class, or what a list names)'],
  ['--target <targets>', 'as for explain: logit or logprob of a class; norm or feature:K of a model without'],
  [
    '--model <name>',
    `as for explain (default: ${defaultModelName} if its weights can be had, else ${demoModel.name}, which ships)`,
  ],
  ['--weights <file>', 'checkpoint, as for explain'],
  ['--image-size <size>', "height and width of the model's input, if not its own"],
  ['--labels <file>', 'names of the classes, instead of those that the model has'],
  ['--write <names>', `what is written, separated by commas: ${list(formats)}`, 'json'],
  ['--colormap <name>', list(colormapNames)],
  ['--device <name>', list(deviceNames), deviceNames[0]],
  ...device,
  out,
  ['--force', 'begin anew where the folder holds results of another batch'],
];

function withOptions(command: Command, rows: readonly Row[]): Command {
  for (const [flags, help, fallback] of rows) command.addOption(new Option(flags, help).default(fallback));
  return command;
}

const inputs = 'files, folders, patterns, @LIST, CSV, tar, zip or s3://…';

/** Adds `vitrine batch`. */
export function addBatchCommand(program: Command): void {
  const command = program
    .command('batch')
    .description(
      'Explain many pictures: one table of all. Stopped anywhere, the same command goes on; several machines share one by a queue.',
    )
    .argument('[inputs...]', inputs)
    .addHelpText('before', examples)
    // What stands behind submit or work is theirs.
    .enablePositionalOptions();
  withOptions(command, [...what, ['--shard <i/n>', 'of n processes that share the pictures, the i-th']]);
  for (const option of methodOptions()) command.addOption(option);
  // Each is loaded only when wanted.
  command.action(async (given: string[], raw: RawBatchOptions) => {
    widenThreadPool(Number(raw.threads) || undefined);
    shareMemoryAmongThreads();
    leaveInAnyCase();
    process.exitCode = await (await import('./batch.js')).batch(raw, given);
  });
  const submit = withOptions(
    command
      .command('submit')
      .description('Hand pictures to a queue, for workers on any machine.')
      .argument('[inputs...]', inputs),
    [queue, ...what],
  );
  for (const option of methodOptions()) submit.addOption(option);
  submit.action(async (given: string[], raw: RawBatchOptions) => {
    process.exitCode = await (await import('./submit.js')).submit(raw, given);
  });
  withOptions(
    command
      .command('work')
      .description('Explain pictures of a queue until SIGTERM or Ctrl-C; as many may do so as one likes.'),
    [queue, ...device, ['--until-done', 'leave when nothing is left to do']],
  ).action(async (raw: RawWorkOptions) => {
    widenThreadPool(Number(raw.threads) || undefined);
    shareMemoryAmongThreads();
    leaveInAnyCase();
    process.exitCode = await (await import('./work.js')).work(raw);
  });
  withOptions(command.command('status').description('Tell how far a queue is, and which pictures failed.'), [
    queue,
  ]).action(async (raw: { queue?: string }) => {
    process.exitCode = await (await import('./status.js')).status(raw);
  });
  withOptions(
    command
      .command('collect')
      .description('Write the table of a batch that was submitted, when all is done.'),
    [out],
  ).action(async (raw: { out: string }) => {
    process.exitCode = await (await import('./collect.js')).collect(raw);
  });
}
