import { neutralise } from './neutralise';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // A parser makes a space of these in attributes unless they are written so.
  '\n': '&#10;',
  '\t': '&#9;',
};

/**
 * Text that others wrote as text of an element. Characters that XML 1.0 can't hold, not even escaped, are made visible as the terminal
 * shows them.
 */
export function xmlText(text: string): string {
  return neutralise(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** ` name="value"` for each value that is there. */
export function xmlAttributes(values: Readonly<Record<string, string | number | null>>): string {
  return Object.entries(values)
    .map(([name, value]) =>
      value === null
        ? ''
        : ` ${name}="${xmlText(String(value)).replace(/[\n\t]/g, (character) => ENTITIES[character] ?? '')}"`,
    )
    .join('');
}
