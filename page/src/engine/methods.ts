import { getDescription, type GenericSchema } from 'valibot';
import {
  defaultMethodsOf,
  definedOn,
  gradientRollout,
  isView,
  methods,
  recommended,
  rollout,
  sizesOf,
  underLibra,
  type AnyMethod,
  type OptionMetadata,
  type VisionTransformerConfig,
} from 'vitrine';
import { getMetadata } from 'valibot';
import type { MethodFacts, OptionFacts, OptionKind } from '../protocol.js';

/** Every method that is defined on a model, and its options as controls need them. */
export function describeMethods(config: VisionTransformerConfig): readonly MethodFacts[] {
  const all = methods.flatMap((method): AnyMethod[] => [
    method,
    ...(underLibra(method) ? [underLibra(method)!] : []),
  ]);
  return all.filter(definedOn(config)).map((method) => ({
    name: method.name,
    explains: method.explains,
    of: method.of,
    view: isView(method),
    slow: method.sampled !== undefined || method.finish !== undefined,
    options: Object.entries(method.options(sizesOf(config))).map(([name, schema]) =>
      describeOption(name, schema),
    ),
    cited: method.source.cited,
    title: method.source.title,
    url: method.source.url,
  }));
}

/** As many as there is room for as buttons. */
const mostFirst = 3;

/** Names of those that most want, filled up with the usual ones of a model on which these are not defined. */
export function firstMethodsOf(config: VisionTransformerConfig): readonly string[] {
  const wanted = [recommended, rollout, gradientRollout].filter(definedOn(config));
  const names = [...wanted, ...defaultMethodsOf(config)].map(({ name }) => name);
  return [...new Set(names)].slice(0, mostFirst);
}

function describeOption(name: string, schema: GenericSchema): OptionFacts {
  return {
    name,
    help: getDescription(schema) ?? '',
    fallback: 'default' in schema ? schema.default : undefined,
    ...kindOf(schema),
  };
}

interface Bounds {
  readonly type: string;
  readonly requirement?: unknown;
}

/** What of a schema tells what may be given. */
interface Parts {
  readonly type: string;
  readonly wrapped?: GenericSchema;
  readonly options?: readonly unknown[];
  readonly items?: readonly GenericSchema[];
  readonly pipe?: readonly Bounds[];
}

function kindOf(schema: GenericSchema): OptionKind {
  const { typed } = getMetadata(schema) as OptionMetadata;
  if (typed === 'patch') return { kind: 'patch' };
  const parts = schema as Parts;
  const value = (parts.wrapped ?? parts) as Parts;
  switch (value.type) {
    case 'picklist':
      return { kind: 'choice', names: value.options as readonly string[] };
    case 'union': {
      const [names, number] = value.options as readonly [Parts, Parts];
      return {
        kind: 'name-or-number',
        names: names.options as readonly string[],
        most: boundsOf(number).most,
      };
    }
    case 'strict_tuple':
      return { kind: 'range', most: parts.wrapped ? lastOf(parts) : 0 };
    default:
      return { kind: 'number', ...boundsOf(value) };
  }
}

/** Of a range the default is the whole of it. */
function lastOf(schema: object): number {
  const [, last] = (schema as { readonly default: readonly [number, number] }).default;
  return last;
}

function boundsOf({ pipe = [] }: Parts): {
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
} {
  const found = (type: string): number | undefined =>
    pipe.find((step) => step.type === type)?.requirement as number | undefined;
  const whole = pipe.some(({ type }) => type === 'integer');
  const below = found('lt_value');
  return {
    least: found('min_value') ?? 0,
    most: found('max_value') ?? (below === undefined ? 1 : below - 0.01),
    whole,
  };
}
