import { Header, Pax } from 'tar';

export interface TarFile {
  readonly name: string;
  readonly data: Buffer;
  /** As its header says it. */
  readonly size?: number;
  /** What a table of attributes before it says. */
  readonly attributes?: { readonly path?: string; readonly size?: number };
}

const BLOCK = 512; // bytes

/** A tar file. */
export function tarBytes(entries: readonly TarFile[]): Buffer {
  const parts = entries.flatMap(({ name, data, size = data.length, attributes }) => {
    const header = Buffer.alloc(BLOCK);
    new Header({ path: name, size, type: 'File', mode: 0o644, uid: 0, gid: 0, mtime: new Date(0) }).encode(header); // prettier-ignore
    const padding = Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK);
    return [...(attributes ? [new Pax(attributes).encode()] : []), header, data, padding];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}
