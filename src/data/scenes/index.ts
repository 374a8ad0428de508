/** Scenes: objects with exact masks on invented backgrounds, as many as one likes. */
export { makeScene, sceneBatch, type SceneBatch, type SceneRange } from './batch.js';
export { sceneClasses, type SceneClass } from './classes.js';
export { drawScene, type Scene, type SceneObject } from './draw.js';
export { planScene, type Placement, type SceneOptions, type ScenePlan } from './plan.js';
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
