type Child = Node | string;

/** An element with its properties, attributes among them by names with a dash or in `aria`, and what is in it. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  children: readonly Child[] = [],
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

let made = 0;

/** A name that no other element has. */
export function freshId(): string {
  return `made-${made++}`;
}

export function find(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no part "${id}".`);
  return element;
}
