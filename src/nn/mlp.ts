import { concat, type Tensor } from '../tensor/index.js';
import { Activation, activations, type ActivationKind } from './activations.js';
import { Linear } from './linear.js';
import { Module } from './module.js';
import { normOf, type NormConfig } from './norms.js';

export interface MlpConfig extends NormConfig {
  readonly width: number;
  /** Numbers behind the activation. */
  readonly hidden: number;
  /** Whether the linear layers have biases. */
  readonly bias: boolean;
  /** Whether there is a norm behind the activation. */
  readonly scaleNorm: boolean;
}

/** What all have behind the activation; the input of `norm` is the hidden layer. */
export abstract class AnyMlp extends Module {
  abstract readonly act: Activation;
  abstract readonly norm: Module;
  abstract readonly fc2: Linear;

  protected abstract expand(x: Tensor): Tensor;

  protected override forward(x: Tensor): Tensor {
    return this.fc2.call(this.norm.call(this.act.call(this.expand(x))));
  }
}

/** Two linear layers with an activation between: `[..., width]` to `[..., hidden]` and back. */
export class Mlp extends AnyMlp {
  readonly fc1: Linear;
  readonly act: Activation;
  readonly norm: Module;
  readonly fc2: Linear;

  constructor(activation: ActivationKind, config: MlpConfig) {
    super();
    const { width, hidden, bias, scaleNorm } = config;
    this.fc1 = new Linear(width, activations[activation].inputs * hidden, { bias });
    this.act = new Activation(activation);
    this.norm = normOf(hidden, config, scaleNorm);
    this.fc2 = new Linear(hidden, width, { bias });
  }

  protected override expand(x: Tensor): Tensor {
    return this.fc1.call(x);
  }
}

/** The same with SwiGLU between, whose gate and value are made by two matrices of their own. */
export class SplitSwiGlu extends AnyMlp {
  readonly fc1_g: Linear;
  readonly fc1_x: Linear;
  readonly act = new Activation('swiglu');
  readonly norm: Module;
  readonly fc2: Linear;

  constructor(config: MlpConfig) {
    super();
    const { width, hidden, bias, scaleNorm } = config;
    this.fc1_g = new Linear(width, hidden, { bias });
    this.fc1_x = new Linear(width, hidden, { bias });
    this.norm = normOf(hidden, config, scaleNorm);
    this.fc2 = new Linear(hidden, width, { bias });
  }

  protected override expand(x: Tensor): Tensor {
    return concat([this.fc1_g.call(x), this.fc1_x.call(x)], -1);
  }
}

/** The MLPs there are, by the name that a configuration has for them. */
export const mlps = {
  gelu: (config) => new Mlp('gelu', config),
  'gelu-tanh': (config) => new Mlp('gelu-tanh', config),
  'quick-gelu': (config) => new Mlp('quick-gelu', config),
  swiglu: (config) => new Mlp('swiglu', config),
  'swiglu-split': (config) => new SplitSwiGlu(config),
} as const satisfies Record<string, (config: MlpConfig) => Mlp | SplitSwiGlu>;

export type MlpKind = keyof typeof mlps;
