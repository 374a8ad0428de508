import { fork } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { packageFile } from '../../node/package-files.js';
import { endThread, noteBusy } from './end-thread.js';
import type { Answer, Begin } from './member.js';

/** Of this folder, ending in `-thread`: they are run from the built package, where they are bundled. */
export type Module = 'engine' | 'pictures';

const fileOf = (module: Module): string => packageFile(`dist/bin/${module}-thread.cjs`);

/** MiB for what is short-lived: what threads make much of is numbers, which lie elsewhere, and the usual 48 of each add up. */
const YOUNG = 8;

/**
 * A thread of this process.
 * @param data what it is told at its start
 */
export function thread(module: Module, data: unknown): Begin {
  return (hear, fail) => {
    const worker = new Worker(fileOf(module), {
      workerData: data,
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG },
    });
    worker.on('message', hear);
    worker.on('error', fail);
    worker.on('exit', () => {
      noteBusy(worker, false);
      fail(new Error('the thread that worked on it has ended'));
    });
    return {
      post(order, transfer) {
        worker.postMessage(order, [...transfer]);
      },
      hold(isHeld) {
        noteBusy(worker, isHeld);
        if (isHeld) worker.ref();
        else worker.unref();
      },
      end: () => endThread(worker),
    };
  };
}

/**
 * A process of its own: whatever ends it, this one stays. It does not hear what a terminal tells those in front, and ends with this
 * one.
 * @param data what it is told at its start, plain
 */
export function ownProcess(module: Module, data: unknown): Begin {
  return (hear, fail) => {
    const child = fork(fileOf(module), [JSON.stringify(data)], {
      execArgv: [],
      env: process.env,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      detached: true,
      windowsHide: true,
    } as Parameters<typeof fork>[2]);
    const ended = new Promise<void>((resolve) => {
      child.on('exit', () => {
        resolve();
      });
    });
    child.on('message', (answer) => {
      hear(answer as Answer<unknown>);
    });
    child.on('error', fail);
    child.on('exit', (status, signal) => {
      fail(
        new Error(`the process that worked on it was ended by ${signal ?? `itself, with status ${status}`}`),
      );
    });
    return {
      post(order) {
        // If it has ended meanwhile, that is told of as such.
        child.send(order, () => undefined);
      },
      hold(isHeld) {
        for (const what of [child, child.channel]) {
          if (isHeld) what?.ref();
          else what?.unref();
        }
      },
      end() {
        // Whoever waits for its end has something to do until then.
        child.ref();
        child.kill('SIGKILL');
        return ended;
      },
    };
  };
}
