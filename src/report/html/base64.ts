const letters = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const filler = 61; // =

/** Bytes as text. By hand, because `btoa` takes a string with a letter for each byte, which takes longer to make. */
export function toBase64(bytes: Uint8Array): string {
  const whole = bytes.length - (bytes.length % 3);
  const text = new Uint8Array(4 * Math.ceil(bytes.length / 3)).fill(filler);
  let at = 0;
  for (let i = 0; i < whole; i += 3) {
    const three = (bytes[i] << 16) | (bytes[i + 1] << 8) | bytes[i + 2];
    text[at++] = letters[three >> 18];
    text[at++] = letters[(three >> 12) & 63];
    text[at++] = letters[(three >> 6) & 63];
    text[at++] = letters[three & 63];
  }
  if (whole < bytes.length) {
    const rest = (bytes[whole] << 16) | ((bytes[whole + 1] ?? 0) << 8);
    text[at] = letters[rest >> 18];
    text[at + 1] = letters[(rest >> 12) & 63];
    if (whole + 1 < bytes.length) text[at + 2] = letters[(rest >> 6) & 63];
  }
  return new TextDecoder().decode(text);
}

export function fromBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** Numbers as float32, low byte first on every machine. */
export function floatsToBase64(values: ArrayLike<number>): string {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i], true);
  return toBase64(new Uint8Array(view.buffer));
}

export function floatsFromBase64(text: string): Float32Array {
  const view = new DataView(fromBase64(text).buffer);
  return Float32Array.from({ length: view.byteLength / 4 }, (_, i) => view.getFloat32(4 * i, true));
}
