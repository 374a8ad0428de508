import { extents, type Range } from '../box.js';
import { anyBox, present, type BoxRules } from './box-rules.js';

/** What is repeated is so as a whole; the other axes are as in the source. */
export const expand: BoxRules<'expand'> = {
  support({ sources: [x], shape }, [support]) {
    const added = shape.length - x.rank;
    return (
      support &&
      shape.map((extent, axis) =>
        axis < added || x.shape[axis - added] !== extent ? [0, extent] : support[axis - added],
      )
    );
  },
  computable: anyBox,
  demands({ sources: [x], shape }, box) {
    const added = shape.length - x.rank;
    return [
      x.shape.map((extent, axis): Range =>
        extent === shape[axis + added] ? box[axis + added] : [0, extent],
      ),
    ];
  },
  build: (_, box, _demands, sources, nodes) => nodes.expand(present(sources)[0], extents(box)),
};
