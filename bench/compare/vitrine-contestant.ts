/** vitrine as a contestant; see protocol.ts. */
import { compile, sizeOf } from 'vitrine';
import { openDevice } from '../device.js';
import { explanationWork, forwardWork, openModel } from '../workloads.js';
import { serve, type Setup } from './protocol.js';
import { readRaw } from './raw-file.js';
import { openTraining } from './training.js';

let loaded: Awaited<ReturnType<typeof open>> | undefined;

await serve(
  async (setup) => {
    loaded = await open(setup);
    return { description: `vitrine on ${loaded.backend.name}: ${loaded.backend.adapter}` };
  },
  async ({ work, batch }) => {
    const { setup, backend, model, images } = loaded!;
    if (work === 'training') return openTraining(setup.training!, backend);
    if (work === 'forward-each') throw new Error('vitrine takes a batch in one run.');
    const target = { kind: 'class', index: setup.category } as const;
    const { graph, inputs } =
      work === 'forward' ? forwardWork(model, batch) : explanationWork(model, batch, target);
    const program = await compile(graph, backend);
    const image = images.subarray(0, sizeOf([batch, ...model.inputShape]));
    return async () => {
      const results = await program.run({ ...inputs, image });
      // Of an explanation, the map alone is compared.
      return work === 'forward' ? Object.values(results) : [results['map.0']];
    };
  },
);
loaded?.backend.destroy();

async function open(setup: Setup) {
  const backend = await openDevice(setup.device, setup.threads);
  const { model } = await openModel(setup.weights);
  return { setup, backend, model, images: await readRaw(setup.images) };
}
