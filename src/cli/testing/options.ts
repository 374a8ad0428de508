import { statSync } from 'node:fs';
import { UsageError } from '../../errors.js';
import { checkDevice, checkModel, notEmpty, type AskedModel } from '../explain-options.js';
import { fromPerson } from '../paths.js';

/** What commander collects for `test`, as typed. */
export interface RawTestOptions {
  readonly data: string;
  readonly part: string;
  readonly model?: string;
  readonly weights?: string;
  readonly imageSize?: string;
  readonly labels?: string;
  readonly device: string;
  readonly adapter?: string;
  readonly threads?: string;
  readonly out: string;
  readonly json?: boolean;
}

/** Of a set. */
export const testedParts = ['test', 'train', 'all'] as const;
export type TestedPart = (typeof testedParts)[number];

/** The same, checked, with absolute paths. */
export interface TestOptions {
  readonly data: string;
  readonly part: TestedPart;
  readonly model: AskedModel;
  readonly device: ReturnType<typeof checkDevice>;
  readonly out: string;
  readonly json: boolean;
}

/** @throws UsageError that says which option is wrong and what it takes */
export function checkTestOptions(raw: RawTestOptions): TestOptions {
  const part = testedParts.find((name) => name === raw.part);
  if (part === undefined) {
    throw new UsageError(`--part does not know "${raw.part}"; choose one of: ${testedParts.join(', ')}.`);
  }
  return {
    data: dataFromPerson(notEmpty('--data', raw.data)),
    part,
    model: checkModel(raw),
    device: checkDevice(raw),
    out: fromPerson(notEmpty('--out', raw.out)),
    json: raw.json ?? false,
  };
}

/** A folder by its path, made absolute, and a set by its name. */
export function dataFromPerson(data: string): string {
  const path = fromPerson(data);
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? path : data;
}
