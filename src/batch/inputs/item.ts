/** Where the bytes of a picture are: by path or address, so that any machine that sees the same storage finds them. */
export type Place =
  | { readonly kind: 'file'; readonly path: string }
  /** A file in an archive that is stored as it is: bytes from `offset` on. */
  | { readonly kind: 'tar'; readonly path: string; readonly offset: number; readonly size: number }
  | { readonly kind: 'zip'; readonly path: string; readonly entry: string }
  | { readonly kind: 's3'; readonly bucket: string; readonly object: string };

/** A picture of a batch. */
export interface Item {
  /** As tables and messages call it: its path as the person would write it, in an archive `archive.tar/inner/path.jpg`. */
  readonly name: string;
  readonly place: Place;
  /** The class that a list gives for it, as it is written there: that is explained. */
  readonly class?: string;
  /** What its result must be called, if that was said before: of a picture that was changed since it is another. */
  readonly key?: string;
}

/** What reads inputs needs to know about whoever named them. */
export interface Surroundings {
  /** A path as the person wrote it, made absolute. */
  readonly absolute: (path: string) => string;
  /** An absolute path as the person would write it. */
  readonly relative: (path: string) => string;
  /** The folder for the results: what was drawn there is none of the pictures. */
  readonly out: string;
}
