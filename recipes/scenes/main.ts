import { VitrineError } from 'vitrine';
import { evaluate } from './evaluate.js';
import { parseTask, type Task } from './options.js';
import { renderExample } from './render.js';

// What belongs to the recipe besides training: measuring the model, and drawing examples for it.

try {
  const task = parseTask(process.argv.slice(2));
  if (task) await run(task);
} catch (error) {
  if (!(error instanceof VitrineError)) throw error;
  console.error(`recipe: ${error.message}`);
  process.exitCode = 2;
}

async function run(task: Task): Promise<void> {
  if (task.kind === 'evaluate') await evaluate(task.weights, task.vendor, task.images, task.device);
  else await renderExample(task.classes, task.seed, task.side, task.file);
}
