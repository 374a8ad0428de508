import { freemem } from 'node:os';
import { evenShares } from '../../backends/lanes.js';
import { parameterCount, type VisionTransformerConfig } from '../../models/index.js';
import { threadsToUse } from '../../node/devices/threads.js';
import type { DeviceName } from '../../node/index.js';

/** What a thread that holds a model computes with. */
export interface EngineShare {
  /** Of a processor; undefined for another device. */
  readonly threads: number | undefined;
  /** Runs at a time, which share model and weights. */
  readonly lanes: number;
}

/**
 * Backends on a processor, where several runs of one thread each wait less for each other than the threads of one run, and how many
 * of them may share a model. More would leave too little of a core to the thread that hands out their work.
 */
const mostLanes: Partial<Record<DeviceName, number>> = { native: 8, wasm: 1 };

/** Who computes: on a processor as many runs at a time as there are threads and memory allows; another device has one. */
export function engineShares(
  backend: DeviceName,
  asked: number | undefined,
  config: VisionTransformerConfig,
): readonly EngineShare[] {
  const most = mostLanes[backend];
  if (most === undefined) return [{ threads: undefined, lanes: 1 }];
  const threads = asked ?? threadsToUse();
  const runs = Math.min(threads, runsThatFit(config));
  const engines = Math.ceil(runs / most);
  const lanes = evenShares(runs, engines);
  return evenShares(threads, engines).map((own, engine) => ({ threads: own, lanes: lanes[engine] }));
}

/** As many as leave three quarters of the free memory to all else. Values in between take about as much as parameters. */
function runsThatFit(config: VisionTransformerConfig): number {
  const parameterBytes = 4 * parameterCount(config);
  return Math.max(1, Math.floor(freemem() / 4 / (2 * parameterBytes)));
}
