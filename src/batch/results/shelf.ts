import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../errors.js';
import { mkdirUnlessThere } from '../../node/files/make-folder.js';
import { failureInWords } from '../../node/index.js';
import {
  errorCode,
  inWords,
  isPieces,
  writeFileAtomically,
  type FileContent,
} from '../../node/files/write.js';
import { addressOf, isAddress } from '../inputs/address.js';
import { deleteObject, getObjectIfThere, listObjects, putObject } from '../s3/objects.js';

/** Pieces of a file, one after the other. */
export type Pieces = AsyncIterable<Uint8Array | string>;

/** Where results are kept: a folder, or a place in object storage. Names have slashes; what is written is there whole or not at all. */
export interface Shelf {
  /** As messages call it. */
  readonly place: string;
  /** As the person would find a file of it. */
  readonly pathOf: (name: string) => string;
  /** Names of all files in a folder of it; none if there is no such folder. */
  readonly list: (folder: string) => Promise<readonly string[]>;
  /** Undefined if there is no such file. */
  readonly read: (name: string) => Promise<Buffer | undefined>;
  readonly write: (name: string, data: FileContent) => Promise<void>;
  readonly remove: (name: string) => Promise<void>;
}

/** @param place an absolute path or an address */
export function shelfAt(place: string): Shelf {
  return isAddress(place) ? new Bucket(place) : new Folder(place);
}

class Folder implements Shelf {
  readonly #made = new Set<string>();

  constructor(readonly place: string) {}

  pathOf(name: string): string {
    return join(this.place, name);
  }

  async list(folder: string): Promise<readonly string[]> {
    const path = this.pathOf(folder);
    const names = await readdir(path).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return [];
      throw unreadable(path, error);
    });
    return names.sort().map((name) => `${folder}/${name}`);
  }

  async read(name: string): Promise<Buffer | undefined> {
    const path = this.pathOf(name);
    return readFile(path).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw unreadable(path, error);
    });
  }

  async write(name: string, data: FileContent): Promise<void> {
    await writeFileAtomically(await this.#room(name), data);
  }

  async remove(name: string): Promise<void> {
    await inWords(this.pathOf(name), rm(this.pathOf(name), { recursive: true, force: true }));
  }

  /** The path of a file whose folder is there. */
  async #room(name: string): Promise<string> {
    const path = this.pathOf(name);
    // Asked for several at once, Node says of a disk that is read-only that a folder is missing.
    for (let end = name.indexOf('/'); end >= 0; end = name.indexOf('/', end + 1)) {
      const folder = this.pathOf(name.slice(0, end));
      if (!this.#made.has(folder)) await inWords(path, mkdirUnlessThere(folder));
      this.#made.add(folder);
    }
    return path;
  }
}

function unreadable(path: string, error: unknown): UsageError {
  return new UsageError(`Cannot read ${path}: ${failureInWords(error)}.`, { cause: error });
}

class Bucket implements Shelf {
  readonly place: string;
  readonly #bucket: string;
  readonly #prefix: string;

  constructor(address: string) {
    const { bucket, object } = addressOf(address);
    this.#bucket = bucket;
    this.#prefix = object === '' ? '' : `${object.replace(/\/$/, '')}/`;
    this.place = address.replace(/\/$/, '');
  }

  pathOf(name: string): string {
    return `${this.place}/${name}`;
  }

  async list(folder: string): Promise<readonly string[]> {
    const names = await listObjects(this.#at(`${folder}/`));
    return names.map((name) => name.slice(this.#prefix.length));
  }

  read(name: string): Promise<Buffer | undefined> {
    return getObjectIfThere(this.#at(name));
  }

  /** Pieces are one object, which is sent when all are there: a table of a hundred thousand pictures has some 100 MB. */
  async write(name: string, data: FileContent): Promise<void> {
    await putObject(this.#at(name), isPieces(data) ? await joined(data) : data);
  }

  async remove(name: string): Promise<void> {
    const below = await listObjects(this.#at(`${name}/`));
    for (const object of below) await deleteObject({ bucket: this.#bucket, object });
    await deleteObject(this.#at(name));
  }

  #at(name: string): { bucket: string; object: string } {
    return { bucket: this.#bucket, object: `${this.#prefix}${name}` };
  }
}

async function joined(pieces: Pieces): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(Buffer.from(piece as string));
  return Buffer.concat(all);
}
