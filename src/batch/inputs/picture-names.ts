/** Endings of the formats that can be read. What is named one by one is taken whatever it is called. */
const endings = /\.(jpe?g|jfif|png|webp|tiff?|gif|avif|bmp|dib|p[bgpn]m|svg)$/i;

/** Whether a file that was found, and not named, is taken for a picture: hidden ones are not. */
export function isPictureName(path: string): boolean {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return endings.test(name) && !name.startsWith('.');
}
