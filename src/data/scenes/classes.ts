import { sceneLabels, type SceneLabel } from '../../models/index.js';

/** What scenes are made of: a class, and the drawings that show it. */
export interface SceneClass extends Drawings {
  readonly name: SceneLabel;
}

/** How the vendors name the drawings of a class. */
export interface Drawings {
  /** Of emoji, in hexadecimal, as vendors name their files. */
  readonly codePoints: readonly string[];
  /** As collections of icons name them, without hyphens. */
  readonly iconNames: readonly string[];
}

const words = (text: string): string[] => text.split(' ');

/** Everyday things that most vendors have drawn. */
const drawings: Readonly<Record<SceneLabel, Drawings>> = {
  dog: {
    codePoints: words('1f415 1f436 1f429 1f9ae 1f415-200d-1f9ba'),
    iconNames: words(
      'dog dogface dogside poodle guidedog servicedog dogalt dogbody dogsitting dogsittingwearingcollar ' +
        'dogwearingcollar dogwearingharness bassethoundhead hound jumpingdog sittingdog sniffingdog',
    ),
  },
  cat: {
    codePoints: words('1f408 1f431 1f408-200d-2b1b 1f63a 1f638 1f63c 1f63e'),
    iconNames: words(
      'cat catface catside blackcat grinningcat grinningcatface grinningcatwithsmilingeyes ' +
        'grinningcatfacewithsmilingeyes catwithwrysmile catfacewithwrysmile poutingcat poutingcatface catbody catsitting',
    ),
  },
  horse: {
    codePoints: words('1f40e 1f434 1f3a0'),
    iconNames: words(
      'horse horseface horseside carouselhorse horsevariant horsevariantfast horsehead horseheadwearingbridle ' +
        'horsehighstepping horserunning rockinghorse toyhorse',
    ),
  },
  elephant: {
    codePoints: words('1f418'),
    iconNames: words('elephant elephantside elephanthead'),
  },
  bird: {
    codePoints: words(
      '1f426 1f424 1f425 1f54a 1f985 1f986 1f989 1f99c 1f9a9 1f9a2 1f427 1f413 1f414 1f99a 1f983',
    ),
    iconNames: words(
      'bird babychick frontfacingbabychick frontfacingchick dove doveofpeace eagle duck owl parrot flamingo swan ' +
        'penguin rooster chicken peacock turkey bird1 bird2 penguin1 penguin2 birdalt birdflying crow sparrow raven ' +
        'toucan kiwibird barnowl plasticduck parrothead eaglehead',
    ),
  },
  fish: {
    codePoints: words('1f41f 1f420 1f421 1f988'),
    iconNames: words(
      'fish tropicalfish blowfish shark fishalt fishsimple fishfins salmon spikyfish fishcorpse',
    ),
  },
  butterfly: {
    codePoints: words('1f98b'),
    iconNames: words('butterfly butterfly2'),
  },
  flower: {
    codePoints: words('1f338 1f339 1f33a 1f33b 1f33c 1f337 1f490 1fab7 1fabb'),
    iconNames: words(
      'cherryblossom rose hibiscus sunflower sunflower1 sunflower2 blossom tulip bouquet bouquetofflowers lotus ' +
        'hyacinth flower flower2 flower3 flower4 flower5 floweralt floweralt2 flowerlotus flowertulip flowerpoppy ' +
        'flowerbouquet daisy lotusflower spotedflower',
    ),
  },
  tree: {
    codePoints: words('1f332 1f333 1f334 1f384'),
    iconNames: words(
      'evergreentree deciduoustree palmtree christmastree tree tree2 tree3 tree4 treealt treeevergreen treepalm ' +
        'pinetree pinetreevariant oak fruittree coconutpalmtree conifertree broadleavedtree ovalbroadleavedtree ' +
        'willowtree bonsaitree',
    ),
  },
  car: {
    codePoints: words('1f697 1f698 1f699 1f695 1f696 1f693 1f694 1f3ce'),
    iconNames: words(
      'automobile oncomingautomobile sportutilityvehicle recreationalvehicle taxi oncomingtaxi policecar ' +
        'oncomingpolicecar racingcar car car2 car3 carback carside carsports carestate carhatchback carconvertible ' +
        'carpickup carprofile carsimple carrear sedan citycar racecar toycar',
    ),
  },
  airplane: {
    codePoints: words('2708 1f6e9 1f6eb 1f6ec'),
    iconNames: words(
      'airplane smallairplane airplanedeparture airplanearrival northeastpointingairplane uppointingairplane ' +
        'airplanetakeoff airplanelanding airplanetilt commercialairplane plane planealt planeland planetakeoff ' +
        'planearrival planedeparture planeup planeright planeascending planedescending planecruising propellerplane',
    ),
  },
  boat: {
    codePoints: words('26f5 1f6a4 1f6a2 26f4 1f6e5 1f6f6'),
    iconNames: words(
      'sailboat speedboat ship ferry motorboat canoe passengership rowboat boat sailingship fishingboat cargoship ' +
        'paperboat canoeonwater sailboatonwater schoonersailboat shoonersailboat smallfishingsailboat',
    ),
  },
  bicycle: {
    codePoints: words('1f6b2'),
    iconNames: words('bicycle bike bicyclebasket bicyclecargo bicycleelectric dutchbike aerobike'),
  },
  guitar: {
    codePoints: words('1f3b8'),
    iconNames: words('guitar guitaracoustic guitarelectric'),
  },
  apple: {
    codePoints: words('1f34e 1f34f'),
    iconNames: words('redapple greenapple shinyapple foodapple applefruit applewhole applefull'),
  },
  pizza: {
    codePoints: words('1f355'),
    iconNames: words('pizza pizzaslice sliceofpizza pizza1 pizza2 pizzaalt fullpizza'),
  },
};

/** By the model's index. */
export const sceneClasses: readonly SceneClass[] = sceneLabels.map((name) => ({ name, ...drawings[name] }));
