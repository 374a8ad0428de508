import { VitrineError } from 'vitrine';
import { DisagreementError } from './compare/agreement.js';
import { parseOptions } from './options.js';
import { run } from './run.js';

/** Exit status when the person can do something about the failure. */
const USER_ERROR = 2;

try {
  const options = parseOptions(process.argv.slice(2));
  if (options) await run(options);
} catch (error) {
  process.exitCode = error instanceof VitrineError ? USER_ERROR : 1;
  const isSaid = error instanceof VitrineError || error instanceof DisagreementError;
  console.error(isSaid ? `bench: ${error.message}` : error);
}
