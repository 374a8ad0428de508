import { freshId, make } from './dom.js';

/** Something to choose with, with the label before it. */
export interface Control<Value> {
  readonly element: HTMLElement;
  show(value: Value): void;
}

export interface SliderOptions {
  readonly label: string;
  readonly most: number;
  /** What a place of the slider means. */
  readonly words: (value: number) => string;
  readonly choose: (value: number) => void;
}

export function slider({ label, most, words, choose }: SliderOptions): Control<number> {
  const id = freshId();
  const input = make('input', { type: 'range', min: '0', max: String(most), step: '1', id });
  const output = make('output', { for: id });
  input.addEventListener('input', () => {
    choose(input.valueAsNumber);
  });
  const element = make('div', { class: 'control' }, [make('label', { for: id }, [label]), input, output]);
  return {
    element,
    show(value) {
      input.value = String(value);
      input.setAttribute('aria-valuetext', words(value));
      output.textContent = words(value);
    },
  };
}

/** Names to choose from, in groups if they have one. */
export interface Choice {
  readonly value: string;
  readonly words: string;
  readonly group?: string;
}

export function choiceOf(
  label: string,
  choices: readonly Choice[],
  choose: (value: string) => void,
): Control<string> {
  const id = freshId();
  const select = make('select', { id });
  for (const { value, words, group } of choices) {
    const option = make('option', { value }, [words]);
    if (group === undefined) select.append(option);
    else groupOf(select, group).append(option);
  }
  select.addEventListener('change', () => {
    choose(select.value);
  });
  const element = make('div', { class: 'control' }, [make('label', { for: id }, [label]), select]);
  return {
    element,
    show(value) {
      select.value = value;
    },
  };
}

function groupOf(select: HTMLSelectElement, label: string): HTMLOptGroupElement {
  const last = select.lastElementChild;
  if (last instanceof HTMLOptGroupElement && last.label === label) return last;
  const group = make('optgroup', { label });
  select.append(group);
  return group;
}

export function checkbox(label: string, choose: (value: boolean) => void): Control<boolean> {
  const id = freshId();
  const input = make('input', { type: 'checkbox', id });
  input.addEventListener('change', () => {
    choose(input.checked);
  });
  const element = make('div', { class: 'control' }, [input, make('label', { for: id }, [label])]);
  return {
    element,
    show(value) {
      input.checked = value;
    },
  };
}
