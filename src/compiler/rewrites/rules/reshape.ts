import { extents } from '../box.js';
import { present, type BoxRules } from './box-rules.js';
import { reshapeBox } from './reshape-box.js';

export const reshape: BoxRules<'reshape'> = {
  support: ({ sources: [x], shape }, [support]) => support && reshapeBox(support, x.shape, shape),
  computable: ({ sources: [x], shape }, box) => reshapeBox(reshapeBox(box, shape, x.shape), x.shape, shape),
  demands: ({ sources: [x], shape }, box) => [reshapeBox(box, shape, x.shape)],
  build: (_, box, _demands, sources, nodes) => nodes.reshape(present(sources)[0], extents(box)),
};
