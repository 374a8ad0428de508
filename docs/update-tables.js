// Writes what README.md and methods.md say of methods and their options anew, from the built package: `npm run build`
// first. With --check it only says whether it is what it should be.
import { readFileSync, writeFileSync } from 'node:fs';
import { optionRows } from '../dist/cli/method-options.js';
import {
  activationMaximisation,
  buildPlan,
  chooseMethods,
  findModel,
  forwardPass,
  input,
  isView,
  measureGroups,
  measures,
  methods,
  multiplyAdds,
  parseUnit,
  planMaps,
  planAscent,
  planSampled,
  underLibra,
  VisionTransformer,
} from '../dist/index.js';
import {
  labelledSettings,
  presets,
  scenesSettings,
  settingRows,
  trainSettings,
} from '../dist/train/index.js';

/** Those that the README names, the others being in methods.md. */
const first = ['recommended', 'rollout', 'gradient-rollout', 'chefer-iccv21', 'handoff', 'legrad'];
/** Beside the methods, what makes a picture of its own. */
const described = [...methods, activationMaximisation].sort((a, b) => (a.name < b.name ? -1 : 1));
const { config, preprocessing } = findModel('deit_tiny_patch16_224');
const model = new VisionTransformer(config);
const costOfForward = costOf({ logits: forwardPass(model, input('image', [1, ...model.inputShape])).logits });

const documents = [
  {
    path: new URL('../README.md', import.meta.url),
    update: (text) =>
      withRows(
        text,
        ['method', 'explains'],
        first.map(named).map((method) => [link(method, 'docs/methods.md'), method.explains]),
      ),
  },
  {
    path: new URL('methods.md', import.meta.url),
    update(text) {
      const overview = withRows(
        text,
        ['method', 'explains', 'its map', 'cost', 'under `libra`'],
        described.map(rowOf),
      );
      const options = (those) =>
        optionRows(those).map(({ usage, help, fallback }) => [code(usage), help, fallback]);
      const tables = withRows(
        withRows(overview, ['option', 'meaning', 'if left out'], options()),
        ['option of `dream`', 'meaning', 'if left out'],
        options([activationMaximisation]),
      );
      return described.reduce(withFacts, withoutStrangers(tables));
    },
  },
  {
    path: new URL('configuration.md', import.meta.url),
    update: (text) => {
      const rows = (entries) => settingRows(entries).map(settingRow);
      const all = settingRows(trainSettings).filter(({ name }) => name !== 'data');
      const general = withRows(text, ['setting', 'meaning', 'if left out'], all.map(settingRow));
      const ofSets = ['of a set or a folder', 'meaning', 'if left out'];
      const labelled = withRows(general, ofSets, rows(labelledSettings));
      const scenes = withRows(labelled, ['of scenes', 'meaning', 'if left out'], rows(scenesSettings));
      return withRows(scenes, ['preset', 'for', 'model', 'epochs', 'what is done to pictures'], presetRows());
    },
  },
  {
    path: new URL('which-method.md', import.meta.url),
    update: (text) => {
      const single = methods.filter((method) => !isView(method));
      const rows = single.map((method) => [
        link(method, 'methods.md'),
        timesForward(method),
        weaknessOf(method),
      ]);
      const weak = withRows(text, ['method', 'cost', 'weak at'], rows);
      return withRows(weak, ['measure', 'group', 'better', 'what it tells'], measures.map(measureRow));
    },
  },
];

for (const { path, update } of documents) {
  const before = readFileSync(path, 'utf8');
  const after = update(before);
  if (!process.argv.includes('--check')) {
    writeFileSync(path, after);
  } else if (withoutPadding(after) !== withoutPadding(before)) {
    console.error(
      `${path.pathname.split('/').at(-1)} does not say what the methods say: run "npm run format".`,
    );
    process.exitCode = 1;
  }
}

function named(name) {
  return described.find((method) => method.name === name);
}

function code(text) {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

function link({ name }, document = '') {
  return `[\`${name}\`](${document}#${name})`;
}

function settingRow({ name, help, fallback, optional }) {
  const shown = name === 'vendors' ? 'all' : fallback === undefined ? '' : code(fallback);
  return [code(name), help.replaceAll('|', '\\|'), optional ? shown || 'none' : 'must be given'];
}

function presetRows() {
  return Object.entries(presets).map(([name, { about, settings }]) => {
    const kinds = ['mixup', 'cutmix'].filter((kind) => settings[kind] > 0);
    return [
      code(name),
      about,
      settings.model ? sizesOf(settings.model) : 'the one that it begins with',
      settings.epochs,
      [...Object.keys(settings.augment), ...kinds].join(', '),
    ];
  });
}

function sizesOf({ imageSize, patchSize, width, depth, heads }) {
  return `${imageSize} pixels, patches of ${patchSize}, width ${width}, ${depth} blocks, ${heads} heads`;
}

function measureRow({ name, needs, better, help }) {
  const [group] = Object.entries(measureGroups).find(([, some]) => some.includes(needs));
  return [code(name), code(group), better, help];
}

/** What methods.md says that it is weak at, or that its next part does for both: one sentence. */
function weaknessOf({ name }) {
  const [, part] = readFileSync(new URL('methods.md', import.meta.url), 'utf8').split(`### \`${name}\`\n`);
  const [, weak] = /\bWeak: ([^]*?\.)(?=\s)/.exec(part) ?? [];
  if (weak === undefined) throw new Error(`methods.md does not say what ${name} is weak at.`);
  return weak.replace(/\s+/g, ' ').replace(/\.$/, '').replaceAll('|', '\\|');
}

/** A row of the table of all. */
function rowOf(method) {
  const twin = methods.includes(method) ? underLibra(method) : undefined;
  return [link(method), method.explains, mapOf(method), timesForward(method), twin ? timesForward(twin) : ''];
}

/** What the numbers of its maps mean, also where an option decides. */
function mapOf(method) {
  const words = {
    positive: 'weights',
    signed: 'for and against',
    level: 'levels',
    activation: 'activations',
    picture: 'a picture of its own',
  };
  const usual = method.shows();
  const others = optionRows([method]).flatMap(({ name, usage, choices }) =>
    choices
      .filter((choice) => method.shows({ [name]: choice }) !== usual)
      .map(
        (choice) => `${words[method.shows({ [name]: choice })]} with \`${usage.split(' ')[0]} ${choice}\``,
      ),
  );
  return [words[usual], ...others].join('; ');
}

/** Its multiply-adds, as a multiple of the forward pass's. */
function timesForward(method) {
  if (method === activationMaximisation) {
    const { outputs, updates, options } = planAscent({ model, preprocessing }, parseUnit('logit:0'));
    return ((options.steps * costOf(outputs, updates)) / costOfForward).toFixed(0);
  }
  const size = { batch: 1, targets: 1, ranks: 0 };
  const chosen = chooseMethods([method], {}, config);
  const times = (outputs) => costOf(outputs) / costOfForward;
  const onHost = method.finish ? ' + host' : '';
  if (!method.sampled) return times(planMaps(model, chosen, size).outputs).toFixed(1) + onHost;
  const { outputs, count } = planSampled(model, chosen[0], size);
  return (count * times(outputs)).toFixed(0);
}

function costOf(outputs, updates) {
  return multiplyAdds(buildPlan(outputs, updates));
}

/** The first line below a method's title replaced by what the method says of itself. */
function withFacts(markdown, method) {
  const below = new RegExp(`^### \`${method.name}\`\\n\\n(.*)\\n`, 'm');
  if (!below.test(markdown)) throw new Error(`methods.md has no part about ${method.name}.`);
  return markdown.replace(below, () => `### \`${method.name}\`\n\n${factsOf(method)}\n`);
}

function factsOf(method) {
  const { source, score, preprocessing } = method;
  const options = optionRows([method]).map(
    ({ usage, fallback }) => `\`${usage.split(' ')[0]}\` (${fallback})`,
  );
  const cited = source.url === undefined ? source.cited : `[${source.cited}](${source.url})`;
  return [
    `Source: ${cited}, “${source.title}”.`,
    options.length === 0 ? 'No options.' : `Options: ${options.join(', ')}.`,
    ...(score === 'log-probability' ? ['Explains the log-probability, whatever `--target` says.'] : []),
    ...(preprocessing === undefined ? [] : ['Makes the picture ready in its own way.']),
  ].join(' ');
}

/** @throws Error if a part is about a method that there is not */
function withoutStrangers(markdown) {
  const strangers = [...markdown.matchAll(/^### `(.*)`$/gm)].filter(([, name]) => !named(name));
  if (strangers.length > 0)
    throw new Error(`methods.md has a part about ${strangers[0][1]}, which is no method.`);
  return markdown;
}

/** The text with the rows of the table below these titles replaced. */
function withRows(markdown, titles, rows) {
  const head = new RegExp(`^\\| *${titles.join(' *\\| *')} *\\|\\n\\|[-| ]+\\|\\n(?:\\|.*\\n)*`, 'm');
  if (!head.test(markdown)) throw new Error(`There is no table of ${titles.join(', ')}.`);
  const lines = [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`);
  return markdown.replace(head, () => lines.join(''));
}

/** Tables as they are before prettier aligns their columns. */
function withoutPadding(markdown) {
  return markdown.replace(/^\|.*$/gm, (row) => row.replace(/ +/g, ' ').replace(/-+/g, '-'));
}
