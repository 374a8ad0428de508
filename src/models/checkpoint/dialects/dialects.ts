import { deit3 } from './deit3.js';
import type { Dialect } from './dialect.js';
import { dinov2Registers } from './dinov2-registers.js';
import { dinov2 } from './dinov2.js';
import { googlePreLogits } from './google-pre-logits.js';
import { google } from './google.js';
import { openaiClip } from './openai-clip.js';
import { timm } from './timm.js';
import { torchvision } from './torchvision.js';
import { transformersClip } from './transformers-clip.js';
import { transformersDinov2Registers } from './transformers-dinov2-registers.js';
import { transformersDinov2 } from './transformers-dinov2.js';
import { transformersSiglip } from './transformers-siglip.js';
import { transformersViT } from './transformers-vit.js';

/** Of those whose signs are all there the first is spoken, so what has more signs comes before what has fewer. */
export const dialects: readonly Dialect[] = [
  dinov2Registers,
  dinov2,
  deit3,
  timm,
  transformersDinov2Registers,
  transformersDinov2,
  transformersViT,
  transformersClip,
  transformersSiglip,
  torchvision,
  openaiClip,
  googlePreLogits,
  google,
];
