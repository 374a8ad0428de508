/** Sets of pictures with a class each, in the formats in which they are published; files are read by `vitrine/node`. */
export { cifarLayouts, cifarNames, cifarPictures, type CifarLayout } from './cifar.js';
export { flowersClasses, flowersList } from './flowers.js';
export { checkLabels, idxPictures, parseIdx, type IdxArray } from './idx.js';
export {
  chosen,
  joined,
  picturesInMemory,
  remembered,
  type DataSet,
  type LabelledPictures,
} from './labelled-pictures.js';
export {
  breedOf,
  linesOf,
  petsClasses,
  petsList,
  tinyImagenetList,
  tinyImagenetNames,
  type Listed,
} from './listings.js';
export { parseMat, type MatArrays } from './mat.js';
export { split } from './split.js';
