import { permute, reshape, select, sigmoid, slice } from '../../tensor/index.js';
import { define } from '../method.js';
import { block, channel, head } from '../options.js';
import { visionTransformerExplainability } from '../sources.js';
import { mapsOfTokens, sideBySide } from '../views.js';

/**
 * Channels of the queries and keys of one head as pictures: `sigmoid(q[l][h][patches, channel])`, and beside it the same of k.
 * Where both are bright in a channel, that channel draws the query's attention to the key.
 * Source: Gildenblat, "Exploring Explainability for Vision Transformers", 2020.
 */
export const queryKey = define({
  name: 'query-key',
  explains: 'channels of queries and keys as pictures',
  source: visionTransformerExplainability,
  of: 'pass',
  options: (model) => ({ block: block(model, 'last'), head: head(model), channel: channel(model) }),
  shows: () => 'activation',
  captions: ({ layers }, options) =>
    channels(layers[options.block].query.shape[3], options.channel).flatMap((number) => [
      `q ${number}`,
      `k ${number}`,
    ]),
  map({ layers, layout }, options) {
    const { query, key } = layers[options.block];
    const { length, 0: first } = channels(query.shape[3], options.channel);
    const [q, k] = [query, key].map((x) => {
      const ofHead = slice(select(x, 1, options.head), 2, first, first + length); // [batch, tokens, channels]
      return permute(ofHead, [0, 2, 1]);
    });
    const [batch, count, tokens] = q.shape;
    const pairs = permute(sideBySide([q, k]), [0, 2, 1, 3]); // [batch, channels, 2, tokens]
    return sigmoid(mapsOfTokens(reshape(pairs, [batch, 2 * count, tokens]), layout));
  },
});

/** The numbers of those that are shown, one behind the other. */
function channels(count: number, chosen: 'all' | number): number[] {
  return chosen === 'all' ? Array.from({ length: count }, (_, number) => number) : [chosen];
}
