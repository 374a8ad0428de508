import type { Backend, Executable, Plan } from 'vitrine';

/**
 * A backend whose runs each begin in a turn of their own: between two of them the worker hears what the page has to say, such
 * as that nobody waits any more. Kernels that run on the worker's own thread would keep it deaf to the end.
 */
export function inTurns(backend: Backend): Backend {
  return {
    name: backend.name,
    adapter: backend.adapter,
    fusions: backend.fusions,
    load: async (plan: Plan): Promise<Executable> => {
      const executable = await backend.load(plan);
      return {
        run: async (inputs) => {
          await nextTurn();
          return executable.run(inputs);
        },
        dispose: () => {
          executable.dispose();
        },
      };
    },
    memory: () => backend.memory(),
    destroy: () => {
      backend.destroy();
    },
  };
}

/** Timers would wait some milliseconds; messages come at once. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
