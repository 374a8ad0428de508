import { spawnSync } from 'node:child_process';

/** Without what npm tells its scripts, such as this one, of where they are; how npm is configured stays. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(INIT_CWD|npm_(?!config_).*|npm_config_(local|global)?_?prefix)$/i.test(name),
  ),
);

/**
 * Runs a command to its end and returns its standard output.
 * @throws Error with all that it said, if it fails
 */
export function run(command, args, { cwd, env: more = {} }) {
  const options = { cwd, env: { ...env, ...more }, encoding: 'utf8', maxBuffer: 2 ** 28 };
  const { status, stdout, stderr, error } = spawnSync(command, args, options);
  if (error) throw error;
  if (status === 0) return stdout;
  throw new Error(`"${[command, ...args].join(' ')}" ended with status ${status}:\n${stdout}${stderr}`);
}
