/** A thread in which a model computes, so that the main one stays free for whoever waits for it. */
import { Engine, type EngineData, type EngineTask, type Found } from './engine.js';
import { serve, told } from './serve.js';

let opened: Promise<Engine> | undefined;

serve(async (task: EngineTask): Promise<{ result: number | readonly Found[] }> => {
  const engine = await (opened ??= Engine.open(told() as EngineData));
  switch (task.kind) {
    case 'open':
      return { result: 0 };
    case 'measure':
      return { result: await engine.measure(task.batch, task.forms) };
    case 'explain':
      return { result: await engine.explain(task.batch, task.pictures) };
  }
});
