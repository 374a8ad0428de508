import type { Rules } from '../../tensor/index.js';

/**
 * Attention held constant: it hands on values and is not itself explained, `[A] v`. Nothing passes the softmax, so
 * nothing reaches queries and keys; the gradient with respect to the attention itself is still there to be asked for.
 * Source: Ali et al., "XAI for Transformers: Better Explanations through Conservative Propagation", ICML 2022, section
 * 4.2; Mehri et al., "LibraGrad", CVPR 2025.
 */
export const constantAttention: Partial<Rules> = { softmax: () => [null] };
