import {
  forbidsCommerce,
  outputCount,
  type Extent,
  type ModelEntry,
  type OutputKind,
} from '../models/index.js';

/** 86.6 M of 86567656. */
export function millions(count: number): string {
  return `${(count / 1e6).toFixed(1)} M`;
}

/** As pictures are measured: 80x48 is 80 wide. */
export function inPixels(extent: Extent): string {
  const [height, width] = typeof extent === 'number' ? [extent, extent] : extent;
  return `${width}x${height}`;
}

const outputs: Readonly<Record<OutputKind, (count: number) => string>> = {
  classes: (count) => `${count} classes`,
  embedding: (count) => `embedding of ${count}`,
  features: (count) => `features: ${count}`,
};

export function outputInWords({ output, config }: ModelEntry): string {
  return outputs[output](outputCount(config));
}

export function licenceInWords(licence: string): string {
  return forbidsCommerce(licence) ? `${licence} (non-commercial)` : licence;
}
