/** What scenes are made of: a class, and the emoji that show it. */
export interface SceneClass {
  readonly name: string;
  /** In hexadecimal, as vendors name their files. */
  readonly codePoints: readonly string[];
  /** As collections of icons name them, without hyphens. */
  readonly iconNames: readonly string[];
}

const words = (text: string): string[] => text.split(' ');

/** Everyday things of which most vendors have several drawings; a class is its position here. */
export const sceneClasses: readonly SceneClass[] = [
  {
    name: 'dog',
    codePoints: words('1f415 1f436 1f429 1f9ae 1f415-200d-1f9ba'),
    iconNames: words('dog dogface dogside poodle guidedog servicedog'),
  },
  {
    name: 'cat',
    codePoints: words('1f408 1f431 1f408-200d-2b1b 1f63a 1f638 1f63c 1f63e'),
    iconNames: words(
      'cat catface catside blackcat grinningcat grinningcatface grinningcatwithsmilingeyes ' +
        'grinningcatfacewithsmilingeyes catwithwrysmile catfacewithwrysmile poutingcat poutingcatface',
    ),
  },
  {
    name: 'horse',
    codePoints: words('1f40e 1f434 1f3a0'),
    iconNames: words('horse horseface horseside carouselhorse'),
  },
  {
    name: 'bird',
    codePoints: words(
      '1f426 1f424 1f425 1f54a 1f985 1f986 1f989 1f99c 1f9a9 1f9a2 1f427 1f413 1f414 1f99a 1f983',
    ),
    iconNames: words(
      'bird babychick frontfacingbabychick frontfacingchick dove doveofpeace eagle duck owl parrot flamingo swan ' +
        'penguin rooster chicken peacock turkey',
    ),
  },
  {
    name: 'fish',
    codePoints: words('1f41f 1f420 1f421 1f988'),
    iconNames: words('fish tropicalfish blowfish shark'),
  },
  {
    name: 'monkey',
    codePoints: words('1f412 1f435 1f648 1f649 1f64a'),
    iconNames: words(
      'monkey monkeyface seenoevilmonkey hearnoevilmonkey speaknoevilmonkey monkeysee monkeyhear monkeyspeak',
    ),
  },
  {
    name: 'flower',
    codePoints: words('1f338 1f339 1f33a 1f33b 1f33c 1f337 1f490 1fab7 1fabb'),
    iconNames: words('cherryblossom rose hibiscus sunflower blossom tulip bouquet lotus hyacinth'),
  },
  {
    name: 'tree',
    codePoints: words('1f332 1f333 1f334 1f384'),
    iconNames: words('evergreentree deciduoustree palmtree christmastree'),
  },
  {
    name: 'car',
    codePoints: words('1f697 1f698 1f699 1f695 1f696 1f693 1f694 1f3ce'),
    iconNames: words(
      'automobile oncomingautomobile sportutilityvehicle recreationalvehicle taxi oncomingtaxi policecar ' +
        'oncomingpolicecar racingcar',
    ),
  },
  {
    name: 'airplane',
    codePoints: words('2708 1f6e9 1f6eb 1f6ec'),
    iconNames: words(
      'airplane smallairplane airplanedeparture airplanearrival northeastpointingairplane uppointingairplane',
    ),
  },
  {
    name: 'boat',
    codePoints: words('26f5 1f6a4 1f6a2 26f4 1f6e5 1f6f6'),
    iconNames: words('sailboat speedboat ship ferry motorboat canoe passengership rowboat'),
  },
  {
    name: 'train',
    codePoints: words('1f682 1f686 1f684 1f685 1f688 1f68a'),
    iconNames: words(
      'locomotive steamlocomotive diesellocomotive train highspeedtrain bullettrain highspeedtrainbulletnose ' +
        'lightrail tram metro',
    ),
  },
  {
    name: 'house',
    codePoints: words('1f3e0 1f3e1 1f3da 1f3d8'),
    iconNames: words('house housewithgarden derelicthouse houses housebuilding housebuildings'),
  },
  {
    name: 'clock',
    codePoints: words('1f550 1f553 1f557 1f55b 23f0 1f570 23f1'),
    iconNames: words(
      'oneoclock fouroclock eightoclock twelveoclock alarmclock mantelpiececlock stopwatch clock1oclock ' +
        'clock4oclock clock7oclock clock12oclock',
    ),
  },
  {
    name: 'shoe',
    codePoints: words('1f45e 1f45f 1f460 1f461 1f462 1f97e 1f97f'),
    iconNames: words(
      'mansshoe mensshoe runningshoe highheeledshoe heels womanssandal sandals womansboot boot hikingboot flatshoe',
    ),
  },
  {
    name: 'umbrella',
    codePoints: words('2602 2614 26f1 1f302'),
    iconNames: words(
      'umbrella umbrellawithraindrops umbrellaonground beachwithumbrella beachumbrella closedumbrella',
    ),
  },
];

/** Names of the classes, by index. */
export const sceneLabels: readonly string[] = sceneClasses.map(({ name }) => name);
