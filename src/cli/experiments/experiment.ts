import type { Backend } from '../../compiler/backend.js';
import type { ClassTarget } from '../../explain/index.js';
import type { ColormapName, Picture, Preprocessed } from '../../image/index.js';
import type { VisionTransformerConfig } from '../../models/index.js';
import type { Explanation, ExperimentOptions, Subject, ToldMap, Watch } from '../../pipeline/index.js';
import type { Drawing } from '../../report/index.js';
import type { RawExplainOptions } from '../explain-options.js';
import type { NamedMethod } from '../result-names.js';

/** What is typed: the options of an experiment too, by their names. */
export type RawExperimentOptions = Omit<RawExplainOptions, 'method'> & Readonly<Record<string, unknown>>;

/** What an experiment finds out about a picture. */
export interface FoundOut {
  readonly logits: Float32Array | Float64Array;
  readonly maps: readonly FoundMap[];
}
export type FoundMap = ToldMap & { readonly method: NamedMethod['method'] };

/** An experiment that was loaded onto a device. */
export interface RunningExperiment {
  readonly makeReady: (picture: Picture) => Preprocessed;
  readonly run: (ready: Preprocessed, targets: readonly ClassTarget[], watch: Watch) => Promise<FoundOut>;
  readonly dispose: () => void;
}

/** A command that does something to a model, picture by picture, and tells what became of its answer. */
export interface Experiment {
  /** What its maps are made by, with options checked: by these the results are named. */
  readonly makers: (raw: RawExperimentOptions, config: VisionTransformerConfig) => readonly NamedMethod[];
  readonly create: (
    subject: Subject,
    backend: Backend,
    options: ExperimentOptions & Readonly<Record<string, unknown>>,
  ) => Promise<RunningExperiment>;
  readonly draw: (picture: Picture, map: FoundMap, words: string, colormap?: ColormapName) => Drawing;
  /** What a person is shown of a map, line by line, already legible. */
  readonly lines: (explanation: Explanation, colormap: ColormapName) => readonly string[];
}
