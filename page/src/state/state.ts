import type { ClassTarget, Score } from 'vitrine';
import type {
  DeviceChoice,
  DeviceFacts,
  HeadPlace,
  InsideAnswer,
  MapAnswer,
  ModelFacts,
  PictureFacts,
  Progress,
  TourAnswer,
} from '../protocol.js';
import { Store, usePart } from './store.js';

/** What a person has chosen: all of it lies in the address, but for the picture itself. */
export interface Asked {
  readonly device: DeviceChoice;
  /** A registered model, or what a dropped one is called. */
  readonly model: string;
  /** Of the model's input, as it was typed, if it is not the model's own. */
  readonly size: string | undefined;
  /** An example, or what the picture is called. */
  readonly picture: string;
  readonly method: string;
  /** Those that are not as usual. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly target: ClassTarget;
  readonly score: Score;
  /** A method beside the first. */
  readonly beside: string | undefined;
  /** How much of the picture the hottest place hides, 0 to 1. */
  readonly opacity: number;
  /** Whose attention is looked at; beyond the last until a model is there, which is then the last. */
  readonly block: number;
  /** Number of a head, or all as one. */
  readonly head: number | 'mean';
  readonly without: readonly HeadPlace[];
  /** Step of the tour, counted from 0. */
  readonly step: number | undefined;
}

/** Work that a person waits for. */
export interface Busy {
  readonly what: string;
  readonly progress: Progress | undefined;
  readonly cancel: (() => void) | undefined;
}

export interface State {
  readonly asked: Asked;
  readonly device: DeviceFacts | undefined;
  readonly model: ModelFacts | undefined;
  /** Names of its classes that a person gave. */
  readonly labels: File | undefined;
  readonly picture: PictureFacts | undefined;
  readonly answer: MapAnswer | undefined;
  readonly beside: MapAnswer | undefined;
  readonly inside: InsideAnswer | undefined;
  readonly tour: TourAnswer | undefined;
  /** Row and column of the patch that is looked at. */
  readonly patch: readonly [row: number, column: number] | undefined;
  readonly busy: Busy | undefined;
  /** What went wrong, in a sentence. */
  readonly problem: string | undefined;
  /** Frames a second, while the camera is on. */
  readonly camera: number | undefined;
}

export const usual: Asked = {
  device: 'auto',
  model: 'vit_scenes_patch8_72',
  size: undefined,
  picture: 'scene',
  method: 'recommended',
  options: {},
  target: { kind: 'rank', rank: 0 },
  score: 'logit',
  beside: undefined,
  opacity: 0.75,
  block: Infinity,
  head: 'mean',
  without: [],
  step: undefined,
};

export const store = new Store<State>({
  asked: usual,
  device: undefined,
  model: undefined,
  labels: undefined,
  picture: undefined,
  answer: undefined,
  beside: undefined,
  inside: undefined,
  tour: undefined,
  patch: undefined,
  busy: undefined,
  problem: undefined,
  camera: undefined,
});

export function useStore<Part>(part: (state: State) => Part): Part {
  return usePart(store, part);
}
