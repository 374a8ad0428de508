import { makeSprite, sceneClasses, type Sprite } from '../../src/index.js';

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
