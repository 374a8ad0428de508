/** vitrine as a contestant; see protocol.ts. */
import { compile, NativeBackend, sizeOf } from 'vitrine';
import { rateOfACore } from '../ceilings.js';
import { openDevice } from '../device.js';
import { openModel } from '../models.js';
import { explanationWork, forwardWork } from '../workloads.js';
import { serve, type Setup } from './protocol.js';
import { readRaw } from './raw-file.js';
import { openTraining } from './training.js';

let loaded: Awaited<ReturnType<typeof open>> | undefined;

await serve(
  async (setup) => {
    loaded = await open(setup);
    const { backend } = loaded;
    return {
      description: `vitrine on ${backend.name}: ${backend.adapter}`,
      ...(backend instanceof NativeBackend && { coreRate: rateOfACore(backend) }),
    };
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
  const { model } = await openModel(setup.model, setup.weights);
  return { setup, backend, model, images: await readRaw(setup.images) };
}
