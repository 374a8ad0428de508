import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';

/** Where the numbers come from: without it they mean nothing. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** Those of the processor's vector instructions that matter to a kernel; empty where the system does not tell. */
  readonly vectors: readonly string[];
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
}

const vectorFlags = ['avx', 'avx2', 'fma', 'avx512f', 'avx512_vnni', 'amx_tile', 'asimd', 'sve'];

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() || 'unknown processor',
    cores: availableParallelism(),
    vectors: vectorInstructions(),
    memoryBytes: totalmem(),
    system: `${platform()} ${arch()}`,
    node: process.version,
  };
}

export function machineInWords({ cpu, cores, vectors, system, node }: Machine): string {
  const count = cores === 1 ? '1 core' : `${cores} cores`;
  return `${cpu}, ${[count, ...vectors].join(', ')}; ${system}, Node ${node}`;
}

function vectorInstructions(): string[] {
  try {
    const line = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'));
    const flags = new Set(line?.[1].split(/\s+/));
    return vectorFlags.filter((flag) => flags.has(flag));
  } catch {
    return [];
  }
}
