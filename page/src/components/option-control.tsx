import type { ComponentChildren } from 'preact';
import { isOfKind } from '../draw/option-values.js';
import { spelled } from '../draw/words.js';
import type { OptionFacts } from '../protocol.js';
import { Select } from './select.js';

interface OptionControlProps {
  readonly option: OptionFacts;
  readonly value: unknown;
  readonly onChoose: (value: unknown) => void;
}

/** A control for an option of a method, by what may be given. */
export function OptionControl({ option, value, onChoose }: OptionControlProps) {
  const given = isOfKind(option, value) ? value : option.fallback;
  switch (option.kind) {
    case 'choice':
      return <Choice option={option} names={option.names} given={given} onChoose={onChoose} />;
    case 'name-or-number':
      return (
        <Choice
          option={option}
          names={[...option.names, ...numbersTo(option.most)]}
          given={given}
          onChoose={(text) => {
            onChoose(option.names.includes(text) ? text : Number(text));
          }}
        />
      );
    case 'number':
      return (
        <Row option={option} shown={String(given)}>
          <input
            aria-label={spelled(option.name)}
            type={option.most <= 64 ? 'range' : 'number'}
            min={option.least}
            max={option.most}
            step={option.whole ? 1 : 0.01}
            value={String(given)}
            onChange={({ currentTarget }) => {
              onChoose(Number(currentTarget.value));
            }}
          />
        </Row>
      );
    case 'range': {
      const [first, last] = given as readonly [number, number];
      const end = (name: string, at: number, other: (value: number) => readonly [number, number]) => (
        <input
          type="range"
          aria-label={`${name} ${option.name.replace(/s$/, '')}`}
          min={0}
          max={option.most}
          value={at}
          onChange={({ currentTarget }) => {
            onChoose(other(Number(currentTarget.value)));
          }}
        />
      );
      return (
        <Row option={option} shown={`${first} to ${last}`}>
          <span class="two">
            {end('First', first, (value) => [Math.min(value, last), last])}
            {end('Last', last, (value) => [first, Math.max(value, first)])}
          </span>
        </Row>
      );
    }
    case 'patch':
      return <Row option={option} shown={(given as readonly number[]).join(', ')} />;
    default:
      return option satisfies never;
  }
}

function numbersTo(most: number): string[] {
  return Array.from({ length: most + 1 }, (_, number) => String(number));
}

interface ChoiceProps {
  readonly option: OptionFacts;
  readonly names: readonly string[];
  readonly given: unknown;
  readonly onChoose: (name: string) => void;
}

function Choice({ option, names, given, onChoose }: ChoiceProps) {
  return (
    <Row option={option}>
      <Select label={spelled(option.name)} names={names} chosen={String(given)} onChoose={onChoose} />
    </Row>
  );
}

interface RowProps {
  readonly option: OptionFacts;
  readonly shown?: string;
  readonly children?: ComponentChildren;
}

function Row({ option, shown, children }: RowProps) {
  return (
    <div class="option" title={option.help}>
      <span class="option-name">
        {spelled(option.name)}
        {shown !== undefined && <output>{shown}</output>}
      </span>
      {children}
    </div>
  );
}
