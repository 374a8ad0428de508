import type { Source } from './method.js';

/* What several methods come from. */

export const libraGrad: Source = {
  cited: 'Mehri et al. 2025',
  title: 'LibraGrad: Balancing Gradient Flow for Universally Better Vision Transformer Attributions',
  url: 'https://arxiv.org/abs/2411.16760',
};

export const visionTransformerExplainability: Source = {
  cited: 'Gildenblat 2020',
  title: 'Exploring Explainability for Vision Transformers',
  url: 'https://jacobgil.github.io/deeplearning/vision-transformer-explainability',
};
