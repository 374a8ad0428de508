import type { ComponentType } from 'preact';
import type { InsideAnswer, ModelFacts, PictureFacts, TourAnswer } from '../protocol.js';

/** What a step is shown of. */
export interface StepProps {
  readonly model: ModelFacts;
  readonly picture: PictureFacts;
  readonly tour: TourAnswer;
  readonly inside: InsideAnswer;
}

/** A step of the tour: one thing, in one sentence, live. */
export interface Step {
  readonly title: string;
  readonly sentence: (model: ModelFacts, likeliest: string) => string;
  readonly Show: ComponentType<StepProps>;
}
