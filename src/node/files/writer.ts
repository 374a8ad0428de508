import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, as the names of its unfinished files tell others who writes them. */
export interface Writer {
  readonly pid: number;
  /** When it began, in ticks of its system: the same number is given to another process one day. 0 if not known. */
  readonly started: number;
  /** Hexadecimal; what tells this start of the system, and its processes from those in containers. '0' if not known. */
  readonly system: string;
  /** The machine's name, for people, cut short. */
  readonly host: string;
}

/** `unknown` of a process whose system is another one. */
export type WriterState = 'alive' | 'dead' | 'unknown';

let ownself: Writer | undefined;

/** This process. */
export function thisWriter(): Writer {
  ownself ??= {
    pid: process.pid,
    started: statusOf('self')?.started ?? 0,
    system: thisSystem(),
    host: hostname()
      .replaceAll(/[^\w.-]/g, '_')
      .slice(0, 24),
  };
  return ownself;
}

/** As a part of a file's name; `parseWriter` reads it. */
export function formatWriter({ pid, started, system, host }: Writer): string {
  return `${pid}-${started}-${system}-${host}`;
}

/** What `formatWriter` made, or undefined if the text is something else. */
export function parseWriter(text: string): Writer | undefined {
  const match = /^(\d{1,10})-(\d+)-([\da-f]+)-([\w.-]*)$/.exec(text);
  if (!match) return undefined;
  const [, pid, started, system, host] = match;
  return { pid: Number(pid), started: Number(started), system, host };
}

/** Whether a process that left its name still runs. */
export function stateOf({ pid, started, system, host }: Writer): WriterState {
  const here = thisWriter();
  if (system !== here.system || host !== here.host) return 'unknown';
  if (!isThere(pid)) return 'dead';
  const status = statusOf(pid);
  if (!status || started === 0) return 'alive';
  return status.ended || status.started !== started ? 'dead' : 'alive';
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Another person's process may not be asked, but is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What Linux tells of a process; one that ended and of which nobody has taken notice is still listed. */
function statusOf(pid: number | 'self'): { readonly started: number; readonly ended: boolean } | undefined {
  const text = readUnless(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  if (text === undefined) return undefined;
  // "pid (name) state ...": the name may hold anything, the 22nd field is the start.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { started: Number(fields[19]), ended: fields[0] === 'Z' || fields[0] === 'X' };
}

function thisSystem(): string {
  const boot = readUnless(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8));
  const namespace = readUnless(() => /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0]);
  return boot !== undefined && /^[\da-f]{8}$/.test(boot) ? `${boot}${namespace ?? ''}` : '0';
}

function readUnless<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined; // not on this system
  }
}
