import { processorFlags } from '../report.js';

/**
 * What OpenBLAS is told of the processor: it takes one that is newer than itself for a Prescott of 2004, and is then six
 * times slower. For float32 it has no better kernels than these on any processor with AVX-512.
 */
const openblasCore = { flags: ['avx512f', 'avx512bw', 'avx512dq', 'avx512vl'], name: 'SKYLAKEX' };

/** Libraries that multiply matrices ask these how many threads they may have, whatever PyTorch was told. */
const threadVariables = ['OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'];

/**
 * The environment of a peer's process, in which its libraries are as fast as they can be.
 * @param threads as many as its libraries take by themselves, if left out
 * @param given what a person set stays
 */
export function peerEnvironment(
  threads?: number,
  given: NodeJS.ProcessEnv = process.env,
  flags: ReadonlySet<string> = processorFlags(),
): NodeJS.ProcessEnv {
  const isKnown = openblasCore.flags.every((flag) => flags.has(flag));
  const limits = threads === undefined ? [] : threadVariables.map((name) => [name, String(threads)]);
  return {
    ...(isKnown && { OPENBLAS_CORETYPE: openblasCore.name }),
    ...given,
    ...(Object.fromEntries(limits) as Record<string, string>),
  };
}
