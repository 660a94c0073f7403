import type { ReleaseFacts } from './release-facts';
import { sanitizeInline } from './sanitize';

/**
 * Which project got which version, as a table of Markdown; null where all of them have the release's. Projects that got no
 * new one are left out.
 */
export function versionsTable({ version, projects = [] }: ReleaseFacts): string | null {
  const bumped = projects.filter(({ current, next }) => current !== next);
  if (bumped.length === 0 || projects.every(({ next }) => next === version)) return null;
  const rows = bumped.map(({ name, next }) => [name, next].map(cell));
  return [['Project', 'Version'], ['---', '---'], ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cell(text: string): string {
  return sanitizeInline(text).replace(/(?<!\\)\|/g, '\\|');
}
