import { UsageError } from '../errors.js';

/** Options that no configuration of npm's own is called by. */
const ours = [
  'image',
  'method',
  'class',
  'model',
  'weights',
  'variant',
  'layers',
  'colormap',
  'config',
  'panel',
  'strip',
  'sweep',
  'objects',
  'unit',
  'data',
  'measure',
];

/**
 * `npm run explain --image x.png`, without `--` before the options: npm takes them for its own configuration, and the command
 * is left with less than the person typed.
 * @throws UsageError that says how to write it
 */
export function refuseSwallowedOptions(env: NodeJS.ProcessEnv = process.env): void {
  const { npm_lifecycle_event: script, npm_package_name: name } = env;
  if (name !== 'vitrine' || script === undefined) return;
  const swallowed = ours.find((option) => env[`npm_config_${option}`] !== undefined);
  if (swallowed === undefined) return;
  throw new UsageError(
    `npm has taken --${swallowed} for itself; write "--" before the options: npm run ${script} -- --${swallowed} ...`,
  );
}
