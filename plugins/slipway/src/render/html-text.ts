import { neutralise, oneLine } from './neutralise';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that others wrote as text of an element, or a quoted attribute, on one line. */
export function escapeHtml(text: string): string {
  return escape(oneLine(text));
}

/** The same with its line breaks. */
export function escapeHtmlBlock(text: string): string {
  return escape(neutralise(text));
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
