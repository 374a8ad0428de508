/** A decoded picture: 8-bit RGB, row-major, three bytes a pixel, no padding between rows. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** [height, width, 3] */
  readonly data: Uint8Array;
}
