/** Backward rules in the place of derivatives: forward values never change. */
import type { Rules } from '../../tensor/index.js';
import { constantAttention } from './constant-attention.js';
import { constantDeviation } from './constant-deviation.js';
import { activationAsFactor } from './activation-as-factor.js';

export { constantAttention, constantDeviation, activationAsFactor };

/**
 * All three: what is left is linear in the input, so `sum(x * gradient)`, with what the biases contribute, is the score.
 * Source: Mehri et al., "LibraGrad: Balancing Gradient Flow for Universally Better Vision Transformer Attributions",
 * CVPR 2025.
 */
export const libra: Partial<Rules> = { ...constantAttention, ...constantDeviation, ...activationAsFactor };
