/** Scenes: objects with exact masks on invented backgrounds, as many as one likes. */
export { makeScene, sceneBatch, type SceneBatch, type SceneRange } from './batch.js';
export type { Background } from './background.js';
export { sceneClasses, type Drawings, type SceneClass } from './classes.js';
export type { Colour, ColourMap } from './colour.js';
export { drawScene, type Scene, type SceneObject } from './draw.js';
export { planScene, type Placement, type SceneOptions, type ScenePlan } from './plan.js';
export type { Detail, Relief } from './redraw.js';
export { singleScenes, singlesSet, type SinglesRange, type SinglesSet } from './singles.js';
export { makeSprite, type Sprite, type SpriteLevel } from './sprite.js';
export {
  drawsSilhouettes,
  iconsOf,
  spriteCollection,
  spriteFiles,
  spriteVendors,
  type IconCollection,
  type SpriteVendor,
} from './vendors.js';
export type { Variation, VariationOptions, Wave } from './variation.js';
