import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zooFixtures } from './zoo.js';

/** `config.json` of small models of the zoo, as timm writes it for a person's own: an architecture, and what differs. */
export const smallConfigs = {
  vit_square: {
    architecture: 'vit_tiny_patch16_224',
    num_classes: 10,
    model_args: { img_size: 24, patch_size: 8, embed_dim: 32, mlp_ratio: 2, depth: 2, num_heads: 4 },
    pretrained_cfg: {
      input_size: [3, 24, 24],
      crop_pct: 1,
      interpolation: 'bicubic',
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
    },
  },
  dino_nohead: {
    architecture: 'vit_tiny_patch16_224',
    num_classes: 0,
    model_args: { img_size: 24, patch_size: 8, embed_dim: 32, mlp_ratio: 2, depth: 2, num_heads: 2 },
    pretrained_cfg: { input_size: [3, 24, 24], crop_pct: 1 },
  },
} as const;

export type SmallModel = keyof typeof smallConfigs;

/** The path of a small model's weights. */
export function smallWeights(name: SmallModel): string {
  return join(zooFixtures, `${name}.safetensors`);
}

/** A folder as timm pushes it to the hub. @param change to its configuration */
export async function makeModelFolder(
  folder: string,
  name: SmallModel,
  change: object = {},
): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.json'), JSON.stringify({ ...smallConfigs[name], ...change }));
  await copyFile(smallWeights(name), join(folder, 'model.safetensors'));
  return folder;
}
