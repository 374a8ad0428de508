import {
  makeSprite,
  sceneClasses,
  type Placement,
  type ScenePlan,
  type Sprite,
} from '../../src/train/index.js';

const side = 24;

/** For each class a few blobs of its own colours, with soft edges: sprites that need no package. */
export function blobs(drawings = 2): Sprite[][] {
  return sceneClasses.map((_, classIndex) =>
    Array.from({ length: drawings }, (_, drawing) => {
      const rgba = blob(classIndex, drawing);
      return makeSprite(classIndex, 'blobs', { width: side, height: side, rgba })!;
    }),
  );
}

/** 8 bits a channel, not multiplied by alpha. [24, 24, 4] */
export function blob(classIndex: number, drawing: number): Uint8Array {
  const rgba = new Uint8Array(4 * side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const angle = Math.atan2(y - 11.5, x - 11.5);
      const radius = 8 + 3 * Math.cos((2 + (classIndex % 4)) * angle);
      const inside = Math.min(1, Math.max(0, radius - Math.hypot(x - 11.5, y - 11.5) + 0.5));
      rgba.set(
        [(classIndex * 61) % 256, (classIndex * 137 + 40 * drawing) % 256, (classIndex * 29 + 90) % 256],
        4 * (y * side + x),
      );
      rgba[4 * (y * side + x) + 3] = Math.round(255 * inside);
    }
  }
  return rgba;
}

/** A wave that changes nothing. */
export const still = { amplitude: 0, frequency: 1, phase: 0 };

/** A plan with nothing random about it: sprites as they are, on a plain background. */
export function plainPlan(objects: readonly Partial<Placement>[], background = [0.25, 0.5, 0.75]): ScenePlan {
  const usual = {
    x: 0.5,
    y: 0.5,
    size: 0.6,
    angle: 0,
    flip: 1,
    shear: 0,
    stretch: 1,
    detail: 'all',
    shade: [0, 0],
    tint: [1, 1, 1],
    warp: { across: still, down: still, broad: still, tall: still },
    relief: { strength: 0, angle: 0, of: 'edges' },
    blur: 0,
  } as const;
  const [sprite] = blobs()[3];
  const colours = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
  return {
    background: (_x, _y, colour) => {
      colour.set(background);
    },
    clutter: [],
    objects: objects.map((object) => ({ sprite, ...usual, colours, ...object })),
    grain: 0,
    grainSeed: 0,
  };
}
