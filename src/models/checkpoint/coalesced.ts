import { checkRange, type ByteSource } from './byte-source.js';

/** Two ranges with fewer bytes than this between them are read as one: what lies between costs less than another read. */
const smallGap = 4096;

/** Ranges are not joined to more than this many bytes, so that several reads share the work. */
const longRun = 2 ** 23;

interface Request {
  readonly begin: number;
  readonly end: number;
  readonly resolve: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly reject: (reason: unknown) => void;
}

/** Requests that one read answers. */
interface Run {
  readonly begin: number;
  end: number;
  readonly requests: Request[];
}

/**
 * A source that reads what is asked for in one go, before anything is awaited, with few reads: neighbours are read
 * together and share their memory.
 */
export function coalesced(source: ByteSource): ByteSource {
  let waiting: Request[] = [];
  const flush = (): void => {
    const requests = waiting;
    waiting = [];
    for (const run of runsOf(requests)) void answer(source, run);
  };
  return {
    name: source.name,
    size: source.size,
    read: (begin, end) =>
      new Promise((resolve, reject) => {
        checkRange(source, begin, end);
        if (waiting.push({ begin, end, resolve, reject }) === 1) queueMicrotask(flush);
      }),
  };
}

/** In the order of the file, which is also the fastest order to read it in. */
function runsOf(requests: readonly Request[]): Run[] {
  const runs: Run[] = [];
  for (const request of [...requests].sort((a, b) => a.begin - b.begin)) {
    const last = runs.at(-1);
    const end = Math.max(last?.end ?? 0, request.end);
    if (last && request.begin - last.end < smallGap && end - last.begin <= longRun) {
      last.end = end;
      last.requests.push(request);
    } else {
      runs.push({ begin: request.begin, end: request.end, requests: [request] });
    }
  }
  return runs;
}

async function answer(source: ByteSource, run: Run): Promise<void> {
  try {
    const bytes = await source.read(run.begin, run.end);
    for (const { begin, end, resolve } of run.requests) {
      resolve(bytes.subarray(begin - run.begin, end - run.begin));
    }
  } catch (error) {
    for (const { reject } of run.requests) reject(error);
  }
}
