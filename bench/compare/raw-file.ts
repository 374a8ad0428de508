import { readFile, writeFile } from 'node:fs/promises';

/** Reads float32 numbers as they lie in a file. */
export async function readRaw(path: string): Promise<Float32Array<ArrayBuffer>> {
  const bytes = await readFile(path);
  const values = new Float32Array(bytes.length / 4);
  new Uint8Array(values.buffer).set(bytes);
  return values;
}

/** Writes float32 numbers, one array after the other. */
export async function writeRaw(path: string, arrays: readonly ArrayLike<number>[]): Promise<void> {
  await writeFile(
    path,
    Buffer.concat(arrays.map((array) => new Uint8Array(Float32Array.from(array).buffer))),
  );
}
