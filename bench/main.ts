import { Command, CommanderError } from 'commander';
import { VitrineError } from 'vitrine';
import { writeFileAtomically } from 'vitrine/node';
import { DisagreementError } from './compare/agreement.js';
import { benchPeers } from './compare/peers.js';
import { printComparison, readReport } from './earlier.js';
import { benchEngine } from './engine.js';
import { withoutDriverCaches } from './loading.js';
import { checkOptions, type BenchOptions, type RawOptions } from './options.js';
import type { Report } from './report.js';
import { benchKernel } from './single-kernel.js';
import { tune } from './tune.js';

/** Exit status when the person can do something about the failure. */
const USER_ERROR = 2;

const program = new Command('bench')
  .usage('[options]')
  .description('Measures the engine; with --peers, side by side with ONNX Runtime and PyTorch.')
  .option('--peers', 'measure side by side with ONNX Runtime and PyTorch')
  .option('--device <name>', 'what vitrine runs on (default: native, and webgpu where there is an adapter)')
  .option('--adapter <name>', "part of a WebGPU adapter's name")
  .option('--threads <N>', 'threads of native (default: all cores); with --peers a list (default: 1,2)')
  .option('--runs <N>', 'timed runs of each measurement', '20')
  .option('--warmup <N>', 'runs before them that are not timed', '5')
  .option('--batches <list>', 'batch sizes of the whole runs (default: 1,8,32)')
  .option('--kernel <name>', 'one kernel alone, such as matmul, matmul+bias+gelu, softmax or add')
  .option(
    '--shape <shape>',
    'its shape: 197x192x768 for matmul, 591x197 for what goes row by row, 151296 for add',
  )
  .option('--weights <file>', 'safetensors checkpoint, instead of what is found on the disk')
  .option('--python <path>', 'with --peers: a Python that can import torch, instead of searching for one')
  .option('--tune', "measure which WebGPU kernels are the adapter's fastest, and use them from then on")
  .option('--json <file>', 'write everything that was measured')
  .option('--compare <file>', 'a table of ratios to what an earlier run wrote with --json')
  .option('--timeline <file>', 'draw which kernel ran when, as SVG')
  .allowExcessArguments(false)
  .exitOverride()
  .configureOutput({
    outputError(text, write) {
      write(`bench: ${inOneSentence(text)}\n`);
    },
  })
  .action(async (raw: RawOptions) => {
    const options = checkOptions(raw);
    const earlier = options.compare === undefined ? undefined : await readReport(options.compare);
    withoutDriverCaches(process.env);
    const report = await bench(options);
    if (earlier) printComparison(earlier, report);
    if (options.json !== undefined) {
      await writeFileAtomically(options.json, `${JSON.stringify(report, null, 1)}\n`);
    }
  });

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function bench(options: BenchOptions): Promise<Report> {
  if (options.tune) return tune(options);
  if (options.peers) return benchPeers(options);
  return options.kernel ? benchKernel(options, options.kernel) : benchEngine(options);
}

/** Commander's "error: unknown option '--run'\n(Did you mean --runs?)\n". */
function inOneSentence(text: string): string {
  const complaint = text.trim().replace(/^error: /, '');
  const guess = /\n\(Did you mean (.*)\?\)$/.exec(complaint);
  if (guess) return `${complaint.slice(0, guess.index)}; did you mean ${guess[1]}?`;
  return `${complaint.replace(/\.$/, '')}; "npm run bench -- --help" lists what there is.`;
}

function report(error: unknown): number {
  // Commander has printed its message; help also arrives here, with status 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USER_ERROR;
  if (error instanceof VitrineError) {
    console.error(`bench: ${error.message}`);
    return USER_ERROR;
  }
  console.error(error instanceof DisagreementError ? `bench: ${error.message}` : error);
  return 1;
}
