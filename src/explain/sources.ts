import type { Source } from './method.js';

/** What several methods come from. */
export const libraGrad: Source = {
  cited: 'Mehri et al. 2025',
  title: 'LibraGrad: Balancing Gradient Flow for Universally Better Vision Transformer Attributions',
  url: 'https://arxiv.org/abs/2411.16760',
};
