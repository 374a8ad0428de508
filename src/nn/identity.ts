import type { Tensor } from '../tensor/index.js';
import { Module } from './module.js';

/** Passes on what it is given: a place to hook, and where another model does something. */
export class Identity extends Module {
  protected override forward(x: Tensor): Tensor {
    return x;
  }
}
