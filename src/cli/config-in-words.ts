import type { CompleteConfig } from '../models/index.js';
import { inPixels } from './model-in-words.js';

/** What each choice is called where it is told. */
const words = {
  attention: { softmax: '', hydra: 'Hydra attention with a head for each number' },
  mlp: {
    gelu: 'GELU',
    'gelu-tanh': 'GELU by tanh',
    'quick-gelu': 'QuickGELU',
    swiglu: 'SwiGLU',
    'swiglu-split': 'SwiGLU of two matrices',
  },
  positions: {
    learned: '',
    'sin-cos': 'sines and cosines for positions',
    integer: 'whole numbers for positions',
  },
  norm: { layer: 'LayerNorm', rms: 'RMSNorm', none: 'no norm' },
  finalNorm: {
    'before-pooling': 'normalised before pooling',
    'after-pooling': 'normalised after pooling',
    none: 'without a last norm',
  },
  pooling: {
    token: 'the class token',
    avg: 'the mean of the patches',
    max: 'the largest of the patches',
    map: 'pooling by attention',
    'token-avg': 'the class token beside the mean of the patches',
  },
} as const satisfies { [Choice in keyof CompleteConfig]?: Record<CompleteConfig[Choice] & string, string> };

/** A model's sizes and choices, a line for each part of it. */
export function configInWords(config: CompleteConfig): readonly string[] {
  return [tokensOf(config), blocksOf(config), readingOf(config)];
}

function tokensOf(config: CompleteConfig): string {
  const { imageSize, patchSize, classToken, distillationToken, registers, prefixPositions } = config;
  const patches = imageSize.reduce((count, side, axis) => (count * side) / patchSize[axis], 1);
  const prefix = [
    classToken ? 'a class token' : '',
    distillationToken ? 'a distillation token' : '',
    registers > 0 ? `${registers} register${registers > 1 ? 's' : ''}` : '',
  ].filter((part) => part !== '');
  const positions = prefix.length > 0 && !prefixPositions ? ', which have no positions' : '';
  const before = prefix.length > 0 ? ` behind ${prefix.join(' and ')}${positions}` : '';
  const traits = [
    words.positions[config.positions],
    config.patchNorm ? 'patches are normalised' : '',
    config.preNorm ? 'tokens are normalised first' : '',
  ];
  return [`${patches} patches of ${inPixels(patchSize)} pixels${before}`, ...traits]
    .filter((part) => part !== '')
    .join('; ');
}

function blocksOf(config: CompleteConfig): string {
  const { depth, width, heads, hidden, mlp, norm, attention, layerNormEpsilon: epsilon } = config;
  const mixing = words.attention[attention] || `${heads} heads`;
  const traits = [
    config.residuals ? '' : 'no residuals',
    config.layerScale ? 'LayerScale' : '',
    config.queryKeyNorm ? 'normalised queries and keys' : '',
    config.scaleNorm ? 'norms before the last layers' : '',
    config.blockBias ? '' : 'no biases',
    config.blockBias && config.qkvBias === 'none' ? 'no biases of queries, keys and values' : '',
    config.qkvBias === 'query-value' ? 'no biases of keys' : '',
  ].filter((trait) => trait !== '');
  const first = `${depth} blocks of width ${width} with ${mixing} and ${hidden} hidden numbers, ${words.mlp[mlp]}`;
  return [
    first,
    norm === 'none' ? words.norm[norm] : `${words.norm[norm]} with ${epsilon.toExponential()}`,
    ...traits,
  ].join(', ');
}

function readingOf({ pooling, finalNorm, distillationToken, poolPrefix }: CompleteConfig): string {
  const both =
    distillationToken && pooling === 'token' ? 'the class token and the distillation token' : undefined;
  const prefix = poolPrefix ? ', with the tokens before them' : '';
  return `reads ${both ?? words.pooling[pooling]}${prefix}, ${words.finalNorm[finalNorm]}`;
}
