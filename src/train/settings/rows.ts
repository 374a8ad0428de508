import * as is from 'valibot';

/** A setting as its table tells of it. */
export interface SettingRow {
  /** With those that it is among: `augment.flip`. */
  readonly name: string;
  readonly help: string;
  /** As JSON; undefined if there is none. */
  readonly fallback: string | undefined;
  /** Whether it may be left out. */
  readonly optional: boolean;
}

type Schema = is.GenericSchema & {
  readonly wrapped?: Schema;
  readonly default?: unknown;
  readonly pipe?: readonly Schema[];
  readonly entries?: Readonly<Record<string, Schema>>;
};

/** Of settings all rows, of those in braces one by one. @param of what `settings` makes */
export function settingRows(of: is.GenericSchema, above = ''): SettingRow[] {
  return Object.entries(entriesOf(of) ?? {}).flatMap(([key, schema]) => {
    const name = above + key;
    const inner = entriesOf(schema);
    const row = {
      name,
      help: is.getDescription(schema) ?? '',
      fallback: inner || schema.default === undefined ? undefined : JSON.stringify(schema.default),
      optional: schema.type === 'optional',
    };
    return [row, ...settingRows(schema, `${name}.`)];
  });
}

function entriesOf(schema: Schema): Readonly<Record<string, Schema>> | undefined {
  const below = [...(schema.pipe ?? []), schema.wrapped].filter((item) => item !== undefined);
  const found = below.filter((item) => item !== schema).map(entriesOf);
  return schema.entries ?? found.find((entries) => entries);
}
