import { Command, CommanderError } from 'commander';
import { existsSync, readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { VitrineError } from '../errors.js';
import { failureInWords } from '../node/index.js';
import { addBatchCommand } from './batch/command.js';
import { addDreamCommand } from './dream-command.js';
import { addHeadsCommand } from './experiments/heads-command.js';
import { addOccludeCommand } from './experiments/occlude-command.js';
import { addEvaluateCommand } from './evaluation/command.js';
import { addCompareCommand } from './compare-command.js';
import { addExplainCommand } from './explain-command.js';
import { guardOptions } from './guarded-options.js';
import { complain, legible } from './legible.js';
import { addMethodsCommand } from './methods-command.js';
import { addModelsCommand } from './models-command.js';
import { fromPerson } from './paths.js';
import { refuseSwallowedOptions } from './swallowed-options.js';
import { addStudyCommand } from './study/command.js';
import { addTestCommand } from './testing/command.js';
import { addTrainCommand } from './train-command.js';

/** Exit status when the person can do something about the failure: a wrong option, a damaged file, no device. */
const USER_ERROR = 2;
/** What a shell reports of a process that SIGHUP ended. */
const HUNG_UP = 129;

const { version, description } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string; description: string };

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever reads has seen enough (`| head -1`), or has closed the terminal; the files are still wanted.
  if (error.code === 'EPIPE' || (error.code === 'EIO' && process.stdout.isTTY)) return;
  complain(`Cannot write to the standard output: ${failureInWords(error)}.`);
  process.exit(USER_ERROR);
});
process.stderr.on('error', () => {
  // There is nobody left to tell.
});

const program = new Command('vitrine')
  .description(description)
  .version(version)
  .exitOverride()
  // What stands behind the name of a command is the command's.
  .enablePositionalOptions()
  .configureOutput({
    outputError(text, write) {
      write(`vitrine: ${legible(inOneSentence(text))}\n`);
    },
  });
addExplainCommand(program);
addBatchCommand(program);
addDreamCommand(program);
addHeadsCommand(program);
addOccludeCommand(program);
addEvaluateCommand(program);
addCompareCommand(program);
addTrainCommand(program);
addTestCommand(program);
addStudyCommand(program);
addModelsCommand(program);
addMethodsCommand(program);
for (const command of program.commands) {
  for (const each of [command, ...command.commands]) guardOptions(each);
}

// Not awaited here: the command is bundled as CommonJS, which cannot.
main()
  .catch((error: unknown) => {
    process.exitCode = report(error);
  })
  .finally(() => {
    // A process whose terminal is gone is aborted by Node when it exits, with a core dump.
    if (process.exitCode === HUNG_UP) process.kill(process.pid, 'SIGHUP');
  });

async function main(): Promise<void> {
  refuseSwallowedOptions();
  await program.parseAsync(words(), { from: 'user' });
}

/** What was typed; of an unknown command that alone, since with "help" or --help commander says nothing of it. */
function words(): string[] {
  const typed = process.argv.slice(2);
  const asked = typed.at(typed[0] === 'help' ? 1 : 0);
  const names = ['help', ...program.commands.map((command) => command.name())];
  const isKnown = asked === undefined || asked.startsWith('-') || names.includes(asked);
  return isKnown ? typed : [asked];
}

/** Commander's "error: unknown option '--imag'\n(Did you mean --image?)\n". */
function inOneSentence(text: string): string {
  const complaint = text.trim().replace(/^error: /, '');
  const option = /^unknown option '(.*?)'/.exec(complaint)?.at(1);
  if (option !== undefined && existsSync(fromPerson(option))) {
    return `unknown option '${option}'; a file of that name is written ./${option}.`;
  }
  const guess = /\n\(Did you mean (.*)\?\)$/.exec(complaint);
  if (guess) return `${complaint.slice(0, guess.index)}; did you mean ${guess[1]}?`;
  const file = /^unknown command '(.*)'$/.exec(complaint)?.at(1);
  if (file !== undefined && existsSync(fromPerson(file))) {
    return `${complaint}; to explain a picture, write "vitrine explain ${file}".`;
  }
  const command = program.commands.find((each) => each.name() === process.argv[2])?.name() ?? 'explain';
  return `${complaint.replace(/\.$/, '')}; "vitrine ${command} --help" lists what there is.`;
}

function report(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has printed its message; help and --version also arrive here, with status 0.
    return error.exitCode === 0 ? 0 : USER_ERROR;
  }
  if (error instanceof VitrineError) {
    complain(error.message);
    return USER_ERROR;
  }
  complain('an error that should not happen; please report it with the lines below.');
  console.error(inspect(error).split('\n').map(legible).join('\n'));
  return 1;
}
