import { describeMachine, type Machine } from './machine.js';

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
  readonly machine: Machine;
  readonly adapters: readonly string[];
  readonly figures: readonly Figure[];
  /** Everything, as the kind of run has it. */
  readonly details: unknown;
}

export function makeReport(
  adapters: readonly string[],
  figures: readonly Figure[],
  details: unknown,
): Report {
  return { date: today(), machine: describeMachine(), adapters, figures, details };
}

export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
