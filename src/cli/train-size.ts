import { WebGPUBackend } from '../backends/webgpu/webgpu.js';
import type { Backend } from '../compiler/backend.js';
import { ShapeError, UsageError } from '../errors.js';
import { machineMemory } from '../node/machine-memory.js';
import { trainingSize, type TrainConfig, type TrainingSize } from '../train/index.js';

/**
 * Compares what a training will take with the memory there is, before anything is taken.
 * @param source the configuration's file, for messages
 * @throws UsageError if it cannot be enough
 */
export function checkSize(config: TrainConfig, classes: number, source: string, backend: Backend): void {
  const { parameters, kept, worked, hostBytes } = sizeOf(config, classes, source, backend);
  // What a GPU has is not known here; it says so itself when it is too little.
  const elementBytes = hasOwnMemory(backend) ? 0 : backend.name === 'reference' ? 8 : 4;
  const [states, work] = [elementBytes * kept + hostBytes, elementBytes * worked];
  const available = machineMemory();
  if (states + work <= available) return;
  throw new UsageError(
    `The configuration "${source}" needs about ${inBytes(states + work)} of memory, ${inBytes(states)} of it for ` +
      `${inMillions(parameters)} parameters and their checkpoints and ${inBytes(work)} for their gradients and ` +
      `${config.batch} images a step; here there are ${inBytes(available)}, so make the model or the batch smaller.`,
  );
}

function sizeOf(config: TrainConfig, classes: number, source: string, backend: Backend): TrainingSize {
  try {
    return trainingSize(config, classes, backend);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new UsageError(`The configuration "${source}" is too large: ${error.message}`, { cause: error });
  }
}

function hasOwnMemory(backend: Backend): boolean {
  return backend instanceof WebGPUBackend && !backend.software;
}

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];

/** 12.3 GB */
function inBytes(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${inDigits(bytes / 1000 ** power)} ${units[power]}`;
}

/** 12.3 million */
function inMillions(count: number): string {
  return count < 1e6 ? String(count) : `${inDigits(count / 1e6)} million`;
}

function inDigits(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(+value.toPrecision(3));
}
