import { PEP440, SEMVER, versionSpan, type Dialect } from './dialects';
import { ManifestError, type ManifestEditor } from './editor';
import { baseName, isSemver, lineAt } from './text';
import { PLAIN_VERSION_FILE } from './version-files';

/** `VERSION`: a file whose one word is the version, with or without a `v` in front. */
export const versionFile: ManifestEditor = {
  kind: 'VERSION',
  ecosystem: 'npm',
  matches: (path) => PLAIN_VERSION_FILE.test(baseName(path)),
  find(path, content, { versionFiles }) {
    if (versionFiles?.has(path) === false) return [];
    const [, before = '', text = ''] = /^(\s*v?)(\S+)\s*$/.exec(content.trimEnd()) ?? [];
    if (text === '') {
      const line = lineAt(content, content.search(/\S/));
      throw new ManifestError(path, line, 'one version and nothing else was expected');
    }
    const dialect = versionFiles?.get(path) === 'python' ? PEP440 : spellingOf(text);
    return [versionSpan({ path, content, start: before.length }, text, dialect, { kind: 'version' })];
  },
};

/** Both spell a final version alike; then it may become any semantic one. */
export function spellingOf(text: string): Dialect {
  return isSemver(text) || !/^\d+(?:\.\d+)*(?:a|b|rc)\d+$/.test(text) ? SEMVER : PEP440;
}
