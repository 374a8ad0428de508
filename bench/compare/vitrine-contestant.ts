/** vitrine as a contestant; see protocol.ts. */
import { compile, type Backend, type VisionTransformer } from 'vitrine';
import { openDevice } from '../device.js';
import { explanationGraph, forwardGraph, openModel } from '../workloads.js';
import { serve, type Setup, type Work } from './protocol.js';
import { readRaw, writeRaw } from './raw-file.js';
import { openTraining } from './training.js';

interface Loaded {
  readonly setup: Setup;
  readonly backend: Backend;
  readonly model: VisionTransformer;
  readonly images: Float32Array;
}

let loaded: Loaded | undefined;

await serve(
  {
    async load(setup) {
      const backend = await openDevice(setup.device, setup.threads);
      const { model } = await openModel(setup.weights);
      loaded = { setup, backend, model, images: await readRaw(setup.images) };
      return { description: `vitrine on ${backend.name}: ${backend.adapter}` };
    },
    async prepare({ work, batch }) {
      const { setup, backend, model, images } = loaded!;
      if (work === 'training') return openTraining(setup.training!, backend);
      const program = await compile(graph(model, work, batch, setup.category), backend);
      const { channels, imageSize } = model.config;
      const image = images.subarray(0, batch * channels * imageSize * imageSize);
      return async () => Object.values(await program.run({ image }));
    },
  },
  writeRaw,
);
loaded?.backend.destroy();

function graph(
  model: VisionTransformer,
  work: Exclude<Work, 'training'>,
  batch: number,
  category: number,
): Parameters<typeof compile>[0] {
  switch (work) {
    case 'forward':
      return forwardGraph(model, batch);
    case 'explanation':
      return explanationGraph(model, batch, { kind: 'class', index: category });
    case 'forward-each':
      throw new Error('vitrine takes a batch in one run.');
    default:
      return work satisfies never;
  }
}
