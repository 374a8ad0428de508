import { readFileSync } from 'node:fs';
import { canonical, digestOf, type BatchPlan } from '../../batch/plan.js';
import type { Item } from '../../batch/inputs/item.js';
import { UsageError } from '../../errors.js';
import type { VisionTransformerConfig } from '../../models/index.js';
import { asksForOne, type OpenedModel } from '../../node/index.js';
import { packageFile } from '../../node/package-files.js';
import { deviceInWords, openDevice } from '../device.js';
import type { Request } from '../explain-options.js';
import { openAsked } from '../open-asked.js';
import { askedClassName } from '../result-names.js';
import { batchRequest, type BatchOptions, type RawBatchOptions } from './options.js';

/** A plan, and what of its model this process needs to know itself. */
export interface Planned {
  readonly plan: BatchPlan;
  readonly config: VisionTransformerConfig;
  /** Comma-separated synonyms of each class, by index; none of a model without classes. */
  readonly labels: readonly string[];
  /** What maps are called, in their order. */
  readonly maps: readonly string[];
  /** As it is told of. */
  readonly device: string;
  readonly model: Pick<OpenedModel, 'name' | 'fallback' | 'concluded'>;
}

/**
 * Opens model and device as far as it takes to know what will be done with them.
 * @throws UsageError, WeightsError, DeviceError if they cannot be had, or the request makes no sense
 */
export async function planned(
  raw: RawBatchOptions,
  options: BatchOptions,
  items: readonly Item[],
): Promise<Planned> {
  const { settings } = options;
  const { opened, checked: request } = await openAsked(
    settings,
    (asked) => batchRequest(raw, options, asked),
    () => Promise.resolve(),
  );
  refuseClasses(raw, opened, items);
  const device = await openDevice(settings);
  const backend = device.backend.name as BatchPlan['backend'];
  device.backend.destroy();
  const { model, labels, output, preprocessing, name } = opened;
  const asked = {
    name: settings.model,
    weights: settings.weights,
    imageSize: settings.imageSize,
    labels: settings.labels,
  };
  const plan: BatchPlan = {
    version: versionOfPackage(),
    model: {
      request: asksForOne(asked) ? given(asked) : { name },
      name,
      sha256: await (await opened.weights).sha256(),
      configuration: digestOf(canonical(model.config)),
      imageSize: model.config.imageSize,
      preprocessing,
      labels: digestOf(JSON.stringify(labels)),
    },
    methods: request.methods.map(({ method, options: chosen }) => ({ name: method.name, options: chosen })),
    targets: request.targets,
    score: request.score,
    backend,
    formats: options.formats,
    ...(settings.colormap === undefined ? {} : { colormap: settings.colormap }),
  };
  return {
    plan,
    config: model.config,
    labels: output === 'classes' ? labels : [],
    maps: mapNames(request),
    device: deviceInWords(device),
    // Without its numbers, which threads read for themselves.
    model: { name, concluded: opened.concluded, ...(opened.fallback ? { fallback: opened.fallback } : {}) },
  };
}

/** Without what was not asked for, as plain data has it. */
function given<All extends object>(all: All): { [Name in keyof All]?: NonNullable<All[Name]> } {
  const entries = Object.entries(all).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof All]?: NonNullable<All[Name]> };
}

/** A column of classes says what is explained, one class a picture. */
function refuseClasses(
  raw: RawBatchOptions,
  { output }: Pick<OpenedModel, 'output'>,
  items: readonly Item[],
): void {
  if (items.every((item) => item.class === undefined)) return;
  if (raw.class !== undefined) {
    throw new UsageError(
      'The list names a class for each picture, and that is explained; leave --class out.',
    );
  }
  if (output !== 'classes') {
    throw new UsageError('The list names classes, and this model has none; give a list of paths alone.');
  }
}

/** `rollout`, and where several classes are explained `recommended.top1`. */
export function mapNames({ methods, targets }: Pick<Request, 'methods' | 'targets'>): readonly string[] {
  return methods.flatMap(({ method }) => {
    if (method.of !== 'class' || targets.length <= 1) return [method.name];
    return targets.map((target) => `${method.name}.${askedClassName(target)}`);
  });
}

/** Results of another version may differ. */
function versionOfPackage(): string {
  const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string };
  return version;
}
