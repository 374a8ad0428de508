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

/** What has as many bytes is read alone: another read costs little beside it, and its memory is then that of nobody else. */
const longRequest = 2 ** 20;

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
    if (last && canJoin(last, request)) {
      last.end = Math.max(last.end, request.end);
      last.requests.push(request);
    } else {
      runs.push({ begin: request.begin, end: request.end, requests: [request] });
    }
  }
  return runs;
}

function canJoin(run: Run, request: Request): boolean {
  if (isLong(run.requests[0]) || isLong(request)) return false;
  return request.begin - run.end < smallGap && request.end - run.begin <= longRun;
}

function isLong({ begin, end }: Request): boolean {
  return end - begin >= longRequest;
}

async function answer(source: ByteSource, run: Run): Promise<void> {
  try {
    const bytes = await source.read(run.begin, run.end);
    for (const { begin, end, resolve } of run.requests) {
      const part = bytes.subarray(begin - run.begin, end - run.begin);
      // Two that ask for the same: what fills its buffer is one reader's alone.
      const isShared = run.requests.length > 1 && part.byteLength === part.buffer.byteLength;
      resolve(isShared ? part.slice() : part);
    }
  } catch (error) {
    for (const { reject } of run.requests) reject(error);
  }
}
