import { anyBox, buildSame, type BoxRules } from './box-rules.js';

export const permute: BoxRules<'permute'> = {
  support: ({ operation: { axes } }, [support]) => support && axes.map((axis) => support[axis]),
  computable: anyBox,
  demands: ({ operation: { axes } }, box) => [axes.map((_, axis) => box[axes.indexOf(axis)])],
  build: buildSame,
};
