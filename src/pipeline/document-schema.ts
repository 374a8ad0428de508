import * as is from 'valibot';
import { UsageError } from '../errors.js';
import { thresholdRules } from '../image/index.js';
import { parseJson } from '../json.js';
import { schemaVersion, type ExplanationDocument } from './document.js';

/*
 * What a document of `explain`, `heads` or `occlude` holds, for those who read it. docs/explanation.schema.json is made of this:
 * `npm run format` writes it, and a test compares.
 */

/** A part with what is to be known of it. */
function told<Schema extends is.GenericSchema>(schema: Schema, words: string) {
  return is.pipe(schema, is.description(words));
}

const index = is.pipe(is.number(), is.integer(), is.minValue(0));
const numbers = is.array(is.number());
const positive = is.pipe(is.number(), is.minValue(0));

const prediction = is.strictObject({
  index,
  label: told(is.string(), "The first of the class's names."),
  logit: is.number(),
  probability: told(is.pipe(positive, is.maxValue(1)), 'Softmax over all classes.'),
});

const pair = <Item extends is.GenericSchema>(item: Item) => is.strictTuple([item, item]);
const extent = is.pipe(is.number(), is.integer(), is.minValue(1));

const size = is.strictObject({ width: is.number(), height: is.number() });

const scores = is.record(is.string(), is.number());

const probability = is.pipe(positive, is.maxValue(1));

const appraisal = is.strictObject({
  class: told(index, 'Whose logit and probability were read.'),
  scores: told(scores, 'By name: srg, deletion, insertion, abpc.'),
  random: told(scores, 'Of a random map.'),
  uniform: told(scores, 'Of a map that is the same everywhere.'),
  tenth: told(
    is.strictObject({ whole: probability, warmest: probability, random: probability }),
    'Probabilities of the class: of the whole picture, without its warmest tenth, without a random one.',
  ),
  sentence: told(is.string(), 'What that means.'),
});

const explanation = is.strictObject({
  method: is.string(),
  class: told(is.nullable(index), 'Null for what does not depend on a class.'),
  label: is.exactOptional(is.string()),
  target: told(
    is.exactOptional(is.string()),
    'What of the class, if not its logit; of a model without classes feature:K, norm or similarity:PATH.',
  ),
  options: told(
    is.record(is.string(), is.unknown()),
    'All that the method looks at; of a contrast also the class `against`, which is subtracted.',
  ),
  grid: told(pair(extent), 'Rows and columns of patches, or of what `axes` says.'),
  geometry: told(
    is.exactOptional(
      is.strictObject({
        original: size,
        resized: size,
        crop: is.strictObject({ x: is.number(), y: is.number(), ...size.entries }),
      }),
    ),
    'Where the patches lie in the picture, in pixels: it was resized, then cropped.',
  ),
  axes: told(is.exactOptional(pair(is.string())), 'What rows and columns are, if not those of patches.'),
  before: told(is.exactOptional(is.number()), 'Of an experiment: the score with everything in place.'),
  maps: told(is.exactOptional(extent), 'How many maps a view has.'),
  captions: told(is.exactOptional(is.array(is.string())), 'Of each map of a view.'),
  scale: told(is.exactOptional(is.literal('per map')), 'How the maps of a view are drawn.'),
  values: told(numbers, 'Raw, row by row, of a view map by map; of an experiment what is lost.'),
  readings: told(
    is.exactOptional(
      is.array(
        is.strictObject({
          caption: is.string(),
          predictions: is.array(prediction),
          votes: told(
            is.exactOptional(is.array(is.strictObject({ index, label: is.string(), patches: extent }))),
            'What most patches would be taken for, each by itself.',
          ),
        }),
      ),
    ),
    'What the classifier would say at each caption.',
  ),
  numbers: told(
    is.exactOptional(is.record(is.string(), numbers)),
    'What the method tells beside the map, such as the shares of heads, by name.',
  ),
  completeness: told(
    is.exactOptional(is.strictObject({ promised: is.number(), gap: is.number() })),
    'What the map should sum to, and how far it is from that.',
  ),
  measures: told(
    is.exactOptional(appraisal),
    'What becomes of the class without the patches that the map calls relevant, and the same of maps that know nothing.',
  ),
  objects: told(
    is.exactOptional(
      is.strictObject({
        threshold: told(
          is.union([probability, is.picklist(thresholdRules)]),
          'A rule, or a share of the way from the smallest value to the largest.',
        ),
        level: told(is.nullable(is.number()), 'The value from which on the map counts as object.'),
        found: is.array(
          is.strictObject({
            box: told(is.strictTuple([index, index, extent, extent]), 'Left, top, width, height.'),
            area: extent,
            score: probability,
          }),
        ),
      }),
    ),
    'Objects that the map shows, in pixels of the original picture.',
  ),
  ablated: told(
    is.exactOptional(is.strictObject({ values: numbers, difference: numbers })),
    'The map without what `ablation` took out, and what that changed: after minus before.',
  ),
  file: told(is.exactOptional(is.string()), 'The picture drawn of it: an absolute path.'),
  note: told(is.exactOptional(is.string()), 'What a person must know who looks at it.'),
});

export const documentSchema = is.strictObject({
  generator: told(is.exactOptional(is.string()), 'That vitrine wrote it, and a digest of what it is of.'),
  schema: is.literal(schemaVersion),
  image: is.strictObject({
    path: told(is.exactOptional(is.string()), 'Absolute; absent for a picture that is no file.'),
    width: told(extent, 'Of the original, in pixels, as is the height.'),
    height: extent,
    frame: told(is.exactOptional(index), 'Of a moving picture.'),
    note: told(is.exactOptional(is.string()), 'What a person must know of how it was read.'),
  }),
  model: is.strictObject({
    name: is.string(),
    weights: told(is.string(), "The checkpoint's absolute path."),
    sha256: is.string(),
    note: told(is.exactOptional(is.string()), 'Why this is the demo model.'),
    concluded: told(
      is.exactOptional(is.array(is.string())),
      'What was taken for granted of a model that says little of itself.',
    ),
  }),
  device: is.strictObject({ backend: is.string(), adapter: is.string() }),
  predictions: told(is.array(prediction), 'The most probable classes, most probable first.'),
  explanations: is.array(explanation),
  ablation: told(
    is.exactOptional(
      is.strictObject({
        parts: is.array(is.string()),
        by: told(is.picklist(['zero', 'mean']), 'What stands in for the parts.'),
        predictions: is.array(prediction),
        logits: is.array(
          is.strictObject({
            index,
            label: is.string(),
            before: is.number(),
            after: is.number(),
            difference: told(is.number(), 'After minus before.'),
          }),
        ),
      }),
    ),
    'What was taken out of model or picture, and what became of the classes.',
  ),
  timings: is.strictObject({
    load_ms: positive,
    compile_ms: positive,
    run_ms: positive,
    total_ms: positive,
  }),
});

/**
 * Reads a document that was written before, by this version or another.
 * @param name of it, for the person who gave it
 * @throws UsageError for what is no document, or one of another schema
 */
export function parseDocument(text: string, name: string): ExplanationDocument {
  const parsed = parseJson(text);
  if ('complaint' in parsed) throw new UsageError(`${name} is no JSON: ${parsed.complaint}.`);
  const { schema } = Object(parsed.value) as { schema?: unknown };
  if (schema !== schemaVersion) {
    const found = typeof schema === 'string' ? `the schema ${JSON.stringify(schema)}` : 'no schema';
    throw new UsageError(
      `${name} has ${found}; a document of the schema "${schemaVersion}" is expected, as explain writes it.`,
    );
  }
  const result = is.safeParse(documentSchema, parsed.value);
  if (!result.success) {
    const [issue] = result.issues;
    const where = is.getDotPath(issue) ?? 'the document';
    throw new UsageError(
      `${name} is no whole document of explain: ${where} is ${issue.received}, expected ${issue.expected}.`,
    );
  }
  const wrong = result.output.explanations.findIndex(({ grid, maps = 1, values }) => {
    return values.length !== maps * grid[0] * grid[1];
  });
  if (wrong < 0) return result.output;
  const { grid, maps = 1, values } = result.output.explanations[wrong];
  throw new UsageError(
    `${name} is no whole document of explain: explanations.${wrong} has ${values.length} values, expected ` +
      `${maps * grid[0] * grid[1]}, ${maps === 1 ? '' : `${maps} maps of `}${grid.join(' x ')}.`,
  );
}
