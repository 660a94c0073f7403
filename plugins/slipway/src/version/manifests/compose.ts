import type { Scalar } from 'yaml';
import { IMAGE_TAG, versionSpan } from './dialects';
import type { ManifestEditor, VersionSpan } from './editor';
import { baseName, TAG_VERSION } from './text';
import { pairs, parseYaml, scalarText, textStart, valueAt, yamlProblem, type YamlFile } from './yaml-tree';

const FILE = /^(?:docker-)?compose[\w.-]*\.ya?ml$/;

/**
 * Compose files: the tags of this workspace's images, as `repository:1.2.3`, `${VARIABLE:-repository:1.2.3}` or
 * `repository:${VARIABLE:-1.2.3}`. Digests, and tags that are no version, are left alone; a variant (`1.2.3-alpine`) stays.
 */
export const compose: ManifestEditor = {
  kind: 'compose',
  ecosystem: 'npm',
  matches: (path) => FILE.test(baseName(path)),
  find(path, content, names) {
    if (![...names.images].some((repository) => content.includes(`${repository}:`))) return [];
    const file = parseYaml(path, content);
    // An anchored scalar may serve several services: by offset, each one counts once.
    const spans = new Map<number, VersionSpan>();
    for (const scalar of images(file)) {
      const span = imageSpan(file, scalar, names.images);
      if (span) spans.set(span.start, span);
    }
    return [...spans.values()];
  },
};

/** The `image` of every service, through aliases and merge keys. */
function images(file: YamlFile): readonly Scalar[] {
  const found: Scalar[] = [];
  const seen = new Set<unknown>();
  const visit = (service: unknown): void => {
    const node = file.resolve(service);
    if (node === null || seen.has(node)) return;
    seen.add(node);
    if (file.isSeq(node)) for (const item of node.items) visit(item);
    for (const { name, value } of pairs(file, node)) {
      if (name === 'image' && file.isScalar(value)) found.push(value);
      if (name === '<<') visit(value);
    }
  };
  for (const { value } of pairs(file, valueAt(file, file.root, 'services'))) visit(value);
  return found;
}

const TAG = new RegExp(`^(v?)(${TAG_VERSION})$`);
/** What a suffix must begin with, or end in, to be a pre-release and not a variant of the image (`-alpine3.20`, `-arm64`). */
const STAGE =
  '(?:(?!alpine)[0-9A-Za-z-]+\\.\\d+$|(?:a|alpha|b|beta|c|canary|dev|edge|next|nightly|pre|preview|rc|snapshot)(?![a-z]))';
const VARIANT = new RegExp(`^(\\d+\\.\\d+\\.\\d+(?:-[a-z][a-z-]*\\.\\d+)?)-(?!${STAGE})[a-z][\\w.-]*$`, 'i');

function imageSpan(file: YamlFile, scalar: Scalar, repositories: ReadonlySet<string>): VersionSpan | null {
  const image = unwrap(scalarText(scalar));
  const repository = [...repositories].find((name) => image.text.startsWith(`${name}:`));
  if (repository === undefined) return null;
  const tag = unwrap(image.text.slice(repository.length + 1));
  const match = TAG.exec(tag.text);
  if (!match) return null;
  const at = textStart(file, scalar);
  if (at === null) {
    const problem = `the image ${scalarText(scalar)} is written with escapes or over several lines; write it on one`;
    throw yamlProblem(file, scalar, problem);
  }
  const [, prefix = '', tagged = ''] = match;
  const text = VARIANT.exec(tagged)?.[1] ?? tagged;
  const start = at + image.at + repository.length + 1 + tag.at + prefix.length;
  return versionSpan({ ...file, start }, text, IMAGE_TAG, { kind: 'image', name: repository });
}

/** What `${VARIABLE:-…}` defaults to, however often it is wrapped, and where that starts. */
function unwrap(text: string): { readonly text: string; readonly at: number } {
  let from = 0;
  let to = text.length;
  for (;;) {
    const opening = /^\$\{[A-Za-z_][A-Za-z0-9_]*:?-/.exec(text.slice(from, Math.min(to, from + 200)))?.[0];
    if (opening === undefined || text[to - 1] !== '}') return { text: text.slice(from, to), at: from };
    from += opening.length;
    to -= 1;
  }
}
