import type { SceneClass } from './classes.js';

/** Where a vendor's drawing of a code point lies, below the folder of installed packages. */
const files = {
  google: (code: string) => `emoji-datasource-google/img/google/64/${code}.png`,
  twitter: (code: string) => `emoji-datasource-twitter/img/twitter/64/${code}.png`,
  openmoji: (code: string) => `openmoji/color/svg/${code.toUpperCase()}.svg`,
  fluent: (code: string) => `@lobehub/fluent-emoji-3d/assets/${code}.webp`,
} as const;

/** A vendor's drawings all in one file, by name, as Iconify packs them. */
interface Collection {
  /** They have one colour, and that means nothing: they are shapes to be painted. */
  readonly silhouettes?: true;
  /** How the names of those end that are filled, where others are mere lines. */
  readonly suffix?: string;
}

const collections = {
  'noto-v1': {},
  fxemoji: {},
  emojione: {},
  'emojione-v1': {},
  'streamline-emojis': {},
  'emojione-monotone': { silhouettes: true },
  mdi: { silhouettes: true },
  'game-icons': { silhouettes: true },
  'fa7-solid': { silhouettes: true },
  pinhead: { silhouettes: true },
  ph: { silhouettes: true, suffix: '-fill' },
  mingcute: { silhouettes: true, suffix: '-fill' },
  boxicons: { silhouettes: true, suffix: '-filled' },
} as const satisfies Record<string, Collection>;

export type SpriteVendor = keyof typeof files | keyof typeof collections;
export const spriteVendors = [...Object.keys(files), ...Object.keys(collections)] as SpriteVendor[];

/** The file that holds all drawings of a vendor; undefined if each has a file of its own. */
export function spriteCollection(vendor: SpriteVendor): string | undefined {
  return collectionOf(vendor) && `@iconify-json/${vendor}/icons.json`;
}

/** Whether a vendor's drawings are shapes to be painted. */
export function drawsSilhouettes(vendor: SpriteVendor): boolean {
  return collectionOf(vendor)?.silhouettes ?? false;
}

/** Where the drawing may lie: some vendors append the selector for a coloured drawing to some names. */
export function spriteFiles(vendor: keyof typeof files, code: string): string[] {
  return [code, `${code}-fe0f`].map(files[vendor]);
}

/** A collection of icons, as Iconify has it: what is inside each SVG, by name. */
export interface IconCollection {
  readonly width?: number;
  readonly height?: number;
  readonly icons: Readonly<
    Record<string, { readonly body: string; readonly width?: number; readonly height?: number }>
  >;
}

/** SVG documents of all icons of a vendor that show a class. */
export function iconsOf(
  { icons, width = 16, height = 16 }: IconCollection,
  vendor: SpriteVendor,
  shown: SceneClass,
): string[] {
  const suffix = collectionOf(vendor)?.suffix ?? '';
  return Object.entries(icons)
    .filter(
      ([name]) =>
        name.endsWith(suffix) &&
        shown.iconNames.includes(name.slice(0, name.length - suffix.length).replaceAll('-', '')),
    )
    .map(
      ([, icon]) =>
        `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ` +
        `viewBox="0 0 ${icon.width ?? width} ${icon.height ?? height}">${icon.body.replace(shadows, '')}</svg>`,
    );
}

/** On the ground below an object, as some vendors draw them: no part of it. */
const shadows = /<path [^>]*opacity="\.15"\/>/g;

function collectionOf(vendor: SpriteVendor): Collection | undefined {
  return vendor in collections ? collections[vendor as keyof typeof collections] : undefined;
}
