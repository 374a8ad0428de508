/** Names of the classes of the models that were trained on scenes, by index. */
export const sceneLabels = [
  'dog',
  'cat',
  'horse',
  'elephant',
  'bird',
  'fish',
  'butterfly',
  'flower',
  'tree',
  'car',
  'airplane',
  'boat',
  'bicycle',
  'guitar',
  'apple',
  'pizza',
] as const;

export type SceneLabel = (typeof sceneLabels)[number];
