import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import { plural } from './table.js';

/** A number that can be compared with that of another run. */
export interface Figure {
  /** Says what it is, so that the same name means the same. */
  readonly name: string;
  readonly unit: string;
  readonly value: number;
}

/** What --json writes: what was measured where, and once more as a flat list, which --compare reads. */
export interface Report {
  /** As in 2026-11-21. */
  readonly date: string;
  readonly machine: ReturnType<typeof describeMachine>;
  readonly adapters: readonly string[];
  /** The one that was measured, where it is a whole one. */
  readonly model?: string | undefined;
  readonly figures: readonly Figure[];
  /** Everything, as the kind of run has it. */
  readonly details: unknown;
}

export function makeReport(
  adapters: readonly string[],
  figures: readonly Figure[],
  details: unknown,
  model?: string,
): Report {
  return { date: today(), machine: describeMachine(), adapters, model, figures, details };
}

export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** Of the machine that this runs on. */
export function machineInWords(): string {
  const { cpu, cores, vectors, system, node } = describeMachine();
  return `${[cpu, plural(cores, 'core'), ...vectors].join(', ')}; ${system}, Node ${node}`;
}

/** Where the numbers come from: without it they mean nothing. */
function describeMachine() {
  return {
    cpu: cpus()[0]?.model.trim() || 'unknown processor',
    cores: availableParallelism(),
    vectors: vectorInstructions(),
    memoryBytes: totalmem(),
    system: `${platform()} ${arch()}`,
    node: process.version,
  };
}

const vectorFlags = ['avx', 'avx2', 'fma', 'avx512f', 'avx512_vnni', 'amx_tile', 'asimd', 'sve'];

/** Those of the processor that matter to a kernel. */
function vectorInstructions(): string[] {
  const flags = processorFlags();
  return vectorFlags.filter((flag) => flags.has(flag));
}

/** What the processor can do, in Linux's words; nothing where the system does not tell. */
export function processorFlags(): ReadonlySet<string> {
  try {
    const line = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'));
    return new Set(line?.[1].split(/\s+/));
  } catch {
    return new Set();
  }
}
