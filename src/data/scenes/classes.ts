/** What scenes are made of: a class, and the emoji that show it, by their code points in hexadecimal. */
export interface SceneClass {
  readonly name: string;
  readonly codePoints: readonly string[];
}

/** Everyday things of which most vendors have several drawings; a class is its position here. */
export const sceneClasses: readonly SceneClass[] = [
  { name: 'dog', codePoints: ['1f415', '1f436', '1f429', '1f9ae', '1f415-200d-1f9ba'] },
  {
    name: 'cat',
    codePoints: ['1f408', '1f431', '1f408-200d-2b1b', '1f63a', '1f638', '1f63c', '1f63e'],
  },
  { name: 'horse', codePoints: ['1f40e', '1f434', '1f3a0'] },
  {
    name: 'bird',
    codePoints: [
      ...['1f426', '1f424', '1f425', '1f54a', '1f985', '1f986', '1f989', '1f99c', '1f9a9', '1f9a2', '1f427'],
      ...['1f413', '1f414', '1f99a', '1f983'],
    ],
  },
  { name: 'fish', codePoints: ['1f41f', '1f420', '1f421', '1f988'] },
  { name: 'monkey', codePoints: ['1f412', '1f435', '1f648', '1f649', '1f64a'] },
  {
    name: 'flower',
    codePoints: ['1f338', '1f339', '1f33a', '1f33b', '1f33c', '1f337', '1f490', '1fab7', '1fabb'],
  },
  { name: 'tree', codePoints: ['1f332', '1f333', '1f334', '1f384'] },
  {
    name: 'car',
    codePoints: ['1f697', '1f698', '1f699', '1f695', '1f696', '1f693', '1f694', '1f3ce'],
  },
  { name: 'airplane', codePoints: ['2708', '1f6e9', '1f6eb', '1f6ec'] },
  { name: 'boat', codePoints: ['26f5', '1f6a4', '1f6a2', '26f4', '1f6e5', '1f6f6'] },
  { name: 'train', codePoints: ['1f682', '1f686', '1f684', '1f685', '1f688', '1f68a'] },
  { name: 'house', codePoints: ['1f3e0', '1f3e1', '1f3da', '1f3d8'] },
  { name: 'clock', codePoints: ['1f550', '1f553', '1f557', '1f55b', '23f0', '1f570', '23f1'] },
  { name: 'shoe', codePoints: ['1f45e', '1f45f', '1f460', '1f461', '1f462', '1f97e', '1f97f'] },
  { name: 'umbrella', codePoints: ['2602', '2614', '26f1', '1f302'] },
];

/** Names of the classes, by index. */
export const sceneLabels: readonly string[] = sceneClasses.map(({ name }) => name);
