import { gelu, type Tensor } from '../tensor/index.js';
import { Linear } from './linear.js';
import { Module } from './module.js';

/** The exact GELU as a module, so that it can be hooked. */
export class Gelu extends Module {
  protected override forward(x: Tensor): Tensor {
    return gelu(x);
  }
}

/** Two linear layers with a GELU between: `[..., width]` to `[..., hidden]` and back. */
export class Mlp extends Module {
  readonly fc1: Linear;
  readonly act = new Gelu();
  readonly fc2: Linear;

  constructor(width: number, hidden: number) {
    super();
    this.fc1 = new Linear(width, hidden);
    this.fc2 = new Linear(hidden, width);
  }

  protected override forward(x: Tensor): Tensor {
    return this.fc2.call(this.act.call(this.fc1.call(x)));
  }
}
