import type { Backend } from '../../compiler/backend.js';
import { compile } from '../../compiler/compile.js';
import { adamW, crossEntropy, record } from '../../nn/index.js';
import { gradient, input, type Tensor, type Values } from '../../tensor/index.js';
import type { Golden } from './golden.js';
import { absoluteError, compareRow, relativeError, type SelfCheckRow } from './report.js';

// What this package's own tests hold float32 to; float64 passes by far.
const FORWARD_BOUND = 2e-6; // absolute: logits and attention are of order 1
const LOSS_BOUND = 1e-6; // absolute
const GRADIENT_BOUND = 2e-5; // relative in the Euclidean norm

const BATCH = 4;
const SMOOTHING = 0.1;
const ADAMW = { learningRate: 1e-3, betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0.05 } as const;

/**
 * Runs the micro model twice on the backend, with a step of AdamW between, and compares everything with the
 * golden values. Changes the model's parameters, on this backend only.
 */
export async function checkModel(backend: Backend, { model, values }: Golden): Promise<SelfCheckRow[]> {
  const { classes } = model.config;
  const image = input('image', [BATCH, ...model.inputShape]);
  const { output: logits, recorded } = record(model, image, /attn_drop$/);
  const attentions = [...recorded.values()];
  const loss = crossEntropy(logits, input('labels', [BATCH, classes]), SMOOTHING);
  const parameters = [...model.namedParameters()];

  // Under the names that they have in the golden data.
  const forward: [string, Tensor][] = [
    ['logits', logits],
    ...attentions.map((tensor, block): [string, Tensor] => [`attention.${block}`, tensor]),
  ];
  const targets: [string, Tensor][] = [
    ...attentions.map((tensor, block): [string, Tensor] => [`attention_grad.${block}`, tensor]),
    ['input_grad', image],
    ...parameters.map(([name, tensor]): [string, Tensor] => [`grad.${name}`, tensor]),
  ];
  const gradients = gradient(
    loss,
    targets.map(([, tensor]) => tensor),
  );
  const backward = targets.map(([name], position): [string, Tensor] => [name, gradients[position]]);
  const updates = adamW(
    parameters.map(([, parameter]) => parameter),
    gradients.slice(-parameters.length),
    ADAMW,
  );

  const outputs = Object.fromEntries([...forward, ['loss', loss], ...backward]) as Record<string, Tensor>;
  const program = await compile(outputs, backend, updates);
  try {
    const given = { image: values('input'), labels: oneHot(values('labels'), classes) };
    const first = await program.run(given);
    const second = await program.run(given);
    const rows = (tensors: typeof forward, measure: typeof absoluteError, bound: number): SelfCheckRow[] =>
      [...new Set(tensors.map(([name]) => rowOf(name)))].map((what) => {
        const names = tensors.map(([name]) => name).filter((name) => rowOf(name) === what);
        const comparisons = names.map((name) => ({
          name: name.replace(/^grad\./, ''),
          actual: first[name],
          expected: values(name),
        }));
        return compareRow(what, measure, bound, comparisons);
      });
    const lossRow = (what: string, { loss: actual }: Record<string, Values>, step: number) =>
      compareRow(what, absoluteError, LOSS_BOUND, [
        { name: 'loss', actual, expected: values('losses').slice(step, step + 1) },
      ]);
    return [
      ...rows(forward, absoluteError, FORWARD_BOUND),
      lossRow('loss', first, 0),
      ...rows(backward, relativeError, GRADIENT_BOUND),
      lossRow('loss after a step of AdamW', second, 1),
    ];
  } finally {
    program.dispose();
  }
}

/** The row that a tensor of the golden data belongs to: small parameters of one kind share a row. */
function rowOf(name: string): string {
  const [kind, ...path] = name.split('.');
  if (kind === 'attention') return `attention of block ${path[0]}`;
  if (kind === 'attention_grad') return `attention gradient of block ${path[0]}`;
  if (kind === 'input_grad') return 'input gradient';
  if (kind !== 'grad') return kind;
  const [module, block, part] = path;
  if (module === 'norm') return 'gradient of the last norm';
  if (module === 'head') return 'gradient of the head';
  if (module !== 'blocks') return 'gradient of the embeddings';
  const parts: Record<string, string> = { attn: 'attention', mlp: 'MLP', norm1: 'norms', norm2: 'norms' };
  return `gradient of block ${block}'s ${parts[part]}`;
}

/** Class numbers `[batch]` to `[batch, classes]`. */
function oneHot(labels: Values, classes: number): Float32Array {
  return Float32Array.from({ length: labels.length * classes }, (_, i) =>
    labels[Math.floor(i / classes)] === i % classes ? 1 : 0,
  );
}
