import { PEP440, versionSpan } from './dialects';
import { ManifestError, type ManifestEditor, type VersionSpan } from './editor';
import { SEMVER_VERSION } from './text';
import { spellingOf } from './version-file';

/** A comment, in whatever way the file has them: `#`, `//`, `--`, `;`, `%`, C comments, `<!-- … -->`. */
const MARK =
  /(?:#|\/\/|--|;|%|\/\*|\*|\{#|<!--)[ \t]*(?:x-slipway-version|slipway:version)(?::(begin|end))?(?![\w:-])/g;
const VERSION = new RegExp(
  `(?<![\\w.+-])v?(${SEMVER_VERSION}|\\d+\\.\\d+\\.\\d+(?:a|b|rc)\\d+)(?![\\w+-]|\\.\\w)`,
  'g',
);

export function hasMarker(content: string): boolean {
  return content.search(MARK) !== -1;
}

/**
 * Any text file that says itself where its version stands: the one on a line that ends with a comment `slipway:version`
 * (or `x-slipway-version`), and every one between the lines `slipway:version:begin` and `slipway:version:end`.
 */
export const marker: ManifestEditor = {
  kind: 'marked file',
  ecosystem: 'npm',
  matches: () => false,
  find(path, content) {
    const spans: VersionSpan[] = [];
    let block: { readonly line: number; readonly spans: VersionSpan[] } | null = null;
    let line = 0;
    for (const { 0: text, index: start } of content.matchAll(/[^\n]*\n|[^\n]+$/g)) {
      line += 1;
      const fail = (problem: string): ManifestError => new ManifestError(path, line, problem);
      const marks = [...text.matchAll(MARK)];
      const [mark, second] = marks;
      if (second) throw fail('two marks of a version stand on one line');
      const before = versionsOf(path, content, start, mark ? text.slice(0, mark.index) : text);
      if (mark?.[1] === 'begin') {
        if (block) throw fail(`a block of versions begins in the one of line ${block.line}`);
        block = { line, spans: [] };
      } else if (mark?.[1] === 'end') {
        if (!block) throw fail('a block of versions ends that did not begin');
        if (block.spans.length === 0) throw fail(`no version stands in the block that begins in line ${block.line}`);
        spans.push(...block.spans);
        block = null;
      } else if (mark) {
        if (before.length !== 1)
          throw fail(
            `${before.length === 0 ? 'no' : 'more than one'} version stands before the mark; one was expected`,
          );
        if (block) throw fail(`a mark stands in the block of versions that begins in line ${block.line}`);
        spans.push(...before);
      } else if (block) block.spans.push(...before);
    }
    if (block) throw new ManifestError(path, block.line, 'a block of versions begins that does not end');
    const other = spans.find(({ version }) => version !== spans[0]?.version);
    if (other) {
      const at = content.slice(0, other.start).split('\n').length;
      throw new ManifestError(path, at, `${other.text} is marked, and ${spans[0]?.text} before; make them one version`);
    }
    return spans;
  },
};

function versionsOf(path: string, content: string, start: number, text: string): VersionSpan[] {
  return [...text.matchAll(VERSION)].map((match) => {
    const version = match[1] ?? '';
    const at = start + match.index + match[0].length - version.length;
    const dialect = path.endsWith('.py') ? PEP440 : spellingOf(version);
    return versionSpan({ path, content, start: at }, version, dialect, { kind: 'version' });
  });
}
