import { explained, forwardPass, targetInput, type TargetInput } from '../explain/index.js';
import type { VisionTransformer } from '../models/index.js';
import { input, type Tensor } from '../tensor/index.js';
import { waysOf, type ChosenMethod } from './chosen-methods.js';

/** How much one run computes. */
export interface Extents {
  /** Pictures that a run takes. */
  readonly batch: number;
  /** Targets that each picture has at once. They share its forward pass. */
  readonly targets: number;
  /** Ranks that a target may name: 1 for the most probable class alone, 0 if all are named by index. */
  readonly ranks: number;
}

/** The forward pass for pictures that were made ready in one way. */
export interface PlannedPass {
  /** The program's input. `[batch, channels, height, width]` */
  readonly image: string;
  /** The program's output. `[batch, classes]` */
  readonly logits: string;
  readonly targets: readonly TargetInput[];
}

/** A map that a program computes. */
export interface PlannedMap extends ChosenMethod {
  /** Number of its forward pass. */
  readonly pass: number;
  /** Number of its target; undefined for a method that explains no class. */
  readonly target: number | undefined;
  /** The program's output. `[batch, gridRows, gridColumns]` */
  readonly output: string;
}

/** One graph for everything that was asked for. */
export interface MapPlan {
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly passes: readonly PlannedPass[];
  readonly maps: readonly PlannedMap[];
}

/** A forward pass for each way of making pictures ready, a backward pass for each target, and every map. */
export function planMaps(
  model: VisionTransformer,
  chosen: readonly ChosenMethod[],
  { batch, targets, ranks }: Extents,
): MapPlan {
  const { channels, imageSize } = model.config;
  const outputs: Record<string, Tensor> = {};
  const maps: PlannedMap[] = [];
  const passes = waysOf(chosen).map((way, number): PlannedPass => {
    const suffix = number === 0 ? '' : `.${number}`;
    const [image, logits] = [`image${suffix}`, `logits${suffix}`];
    const pass = forwardPass(model, input(image, [batch, channels, imageSize, imageSize]));
    outputs[logits] = pass.logits;
    const own = chosen.filter(({ method }) => method.preprocessing === way);
    const slots = own.some(({ method }) => method.of === 'class') ? targets : 0;
    const inputs = Array.from({ length: slots }, (_, slot) =>
      targetInput(`target${suffix}.${slot}`, pass.logits, ranks),
    );
    const ofClass = inputs.map(({ seed }) => explained(pass, seed));
    for (const { method, options } of own) {
      const add = (tensor: Tensor, target?: number): void => {
        const output = `map.${maps.length}`;
        outputs[output] = tensor;
        maps.push({ method, options, pass: number, target, output });
      };
      if (method.of === 'pass') add(method.map(pass, options));
      else for (const [slot, subject] of ofClass.entries()) add(method.map(subject, options), slot);
    }
    return { image, logits, targets: inputs };
  });
  const order = chosen.map(({ method }) => method);
  maps.sort((a, b) => order.indexOf(a.method) - order.indexOf(b.method));
  return { outputs, passes, maps };
}
