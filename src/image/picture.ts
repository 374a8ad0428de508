/** Pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A decoded picture: 8-bit RGB, row-major, three bytes a pixel, no padding between rows. */
export interface Picture extends Size {
  /** [height, width, 3] */
  readonly data: Uint8Array;
  /** The size of the original, where this is the original made smaller while it was decoded; mostly absent. */
  readonly reducedFrom?: Size;
}

/** What geometry is counted in: the picture's own size, unless it was decoded smaller. */
export function originalSize({ width, height, reducedFrom }: Picture): Size {
  return reducedFrom ?? { width, height };
}
