import type { SceneClass } from './classes.js';

/** Where a vendor's drawing of a code point lies, below the folder of installed packages. */
const files = {
  google: (code: string) => `emoji-datasource-google/img/google/64/${code}.png`,
  twitter: (code: string) => `emoji-datasource-twitter/img/twitter/64/${code}.png`,
  openmoji: (code: string) => `openmoji/color/svg/${code.toUpperCase()}.svg`,
  fluent: (code: string) => `@lobehub/fluent-emoji-3d/assets/${code}.webp`,
} as const;

/** Where a vendor's drawings lie all in one file, by name, as Iconify packs them. */
const collections = {
  'noto-v1': '@iconify-json/noto-v1/icons.json',
  fxemoji: '@iconify-json/fxemoji/icons.json',
  emojione: '@iconify-json/emojione/icons.json',
  'emojione-v1': '@iconify-json/emojione-v1/icons.json',
} as const;

export type SpriteVendor = keyof typeof files | keyof typeof collections;
export const spriteVendors = [...Object.keys(files), ...Object.keys(collections)] as SpriteVendor[];

/** The file that holds all drawings of a vendor; undefined if each has a file of its own. */
export function spriteCollection(vendor: SpriteVendor): string | undefined {
  return vendor in collections ? collections[vendor as keyof typeof collections] : undefined;
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

/** SVG documents of all icons that show a class. */
export function iconsOf({ icons, width = 16, height = 16 }: IconCollection, shown: SceneClass): string[] {
  return Object.entries(icons)
    .filter(([name]) => shown.iconNames.includes(name.replaceAll('-', '')))
    .map(
      ([, icon]) =>
        `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ` +
        `viewBox="0 0 ${icon.width ?? width} ${icon.height ?? height}">${icon.body}</svg>`,
    );
}
