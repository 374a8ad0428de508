/** A thread or process that makes pictures ready, and draws maps over them. */
import sharp from 'sharp';
import type { VisionTransformerConfig } from '../../models/index.js';
import { preprocessingsOf } from '../../pipeline/index.js';
import type { BatchPlan } from '../plan.js';
import { chosenOf } from './chosen.js';
import { pictureWork, type PictureTask } from './pictures.js';
import { serve, told } from './serve.js';

/** What it is told at its start. */
export interface StudioData {
  readonly plan: BatchPlan;
  readonly config: VisionTransformerConfig;
}

// Several pictures are read at a time, each by one thread.
sharp.concurrency(1);
// No picture comes twice.
sharp.cache(false);
const { plan, config } = told() as StudioData;
const chosen = chosenOf(plan, config);
const studio = {
  chosen,
  preprocessings: preprocessingsOf(chosen, plan.model.preprocessing),
  colormap: plan.colormap,
};
serve((task: PictureTask) => pictureWork(studio, task));
