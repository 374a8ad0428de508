/** Where a vendor's drawing of a code point lies, below the folder of installed packages. */
const files = {
  google: (code: string) => `emoji-datasource-google/img/google/64/${code}.png`,
  twitter: (code: string) => `emoji-datasource-twitter/img/twitter/64/${code}.png`,
  openmoji: (code: string) => `openmoji/color/svg/${code.toUpperCase()}.svg`,
  fluent: (code: string) => `@lobehub/fluent-emoji-3d/assets/${code}.webp`,
} as const;

export type SpriteVendor = keyof typeof files;
export const spriteVendors = Object.keys(files) as SpriteVendor[];

/** Where the drawing may lie: some vendors append the selector for a coloured drawing to some names. */
export function spriteFiles(vendor: SpriteVendor, code: string): string[] {
  return [code, `${code}-fe0f`].map(files[vendor]);
}
