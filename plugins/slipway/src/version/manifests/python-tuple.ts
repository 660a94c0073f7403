import parse from 'semver/functions/parse';
import { VersionError } from '../version-error';
import type { VersionOwner, VersionSpan } from './editor';
import { stringLiteral, textOf, type PythonFile, type PythonNode } from './python-tree';

/** Django's names of a version's stages; `final` has none. */
const STAGES = ['alpha', 'beta', 'rc', 'final'];

/**
 * The version that a tuple spells: `(1, 2, 0)`, or with stage and number `(1, 2, 0, "rc", 1)`. Elements may be strings.
 * Null for any other tuple.
 */
export function tupleSpan(file: PythonFile, tuple: PythonNode, of: VersionOwner): VersionSpan | null {
  const elements = elementsOf(file, tuple);
  const [first] = elements ?? [];
  const last = elements?.at(-1);
  if (elements === null || first === undefined || last === undefined) return null;
  const version = versionOf(elements.map(({ value }) => value));
  if (version === null) return null;
  const text = file.content.slice(first.from, last.to);
  return {
    start: first.from,
    end: last.to,
    text,
    version,
    of,
    write: (next) => {
      const values = valuesOf(next, elements.length);
      let written = '';
      let at = first.from;
      elements.forEach((element, index) => {
        written += file.content.slice(at, element.start) + (values[index] ?? element.value);
        at = element.start + element.value.length;
      });
      return written + file.content.slice(at, last.to);
    },
  };
}

interface Element {
  readonly from: number;
  readonly to: number;
  /** Of the value, behind a quote. */
  readonly start: number;
  readonly value: string;
}

function elementsOf(file: PythonFile, tuple: PythonNode): readonly Element[] | null {
  const elements: Element[] = [];
  for (let node = tuple.firstChild; node; node = node.nextSibling) {
    if (/^[()[\],]$/.test(node.name) || node.name === 'Comment') continue;
    const literal = stringLiteral(file, node);
    if (node.name !== 'Number' && literal === null) return null;
    const { start, text: value } = literal ?? { start: node.from, text: textOf(file, node) };
    elements.push({ from: node.from, to: node.to, start, value });
    if (elements.length > 5) return null;
  }
  return elements;
}

const WHOLE = /^(?:0|[1-9]\d*)$/;

function versionOf(values: readonly string[]): string | null {
  const [major = '', minor = '', patch = '', stage, number = ''] = values;
  if (![3, 5].includes(values.length) || ![major, minor, patch].every((value) => WHOLE.test(value))) return null;
  const base = `${major}.${minor}.${patch}`;
  if (stage === undefined) return base;
  if (!STAGES.includes(stage) || !WHOLE.test(number)) return null;
  return stage === 'final' ? base : `${base}-${stage}.${number}`;
}

/** @throws {VersionError} where a tuple of that length can't say the version. */
function valuesOf(version: string, length: number): readonly string[] {
  const parsed = parse(version);
  if (parsed === null) throw new VersionError(version, 'is not a semantic version');
  const numbers = [parsed.major, parsed.minor, parsed.patch].map(String);
  if (parsed.build.length > 0) throw new VersionError(version, 'has build metadata, which a tuple has no place for');
  const [stage, number] = parsed.prerelease;
  if (stage === undefined) return length === 3 ? numbers : [...numbers, 'final', '0'];
  if (length === 3) {
    throw new VersionError(version, 'is a pre-release, and a tuple of three numbers has no place for that');
  }
  if (typeof stage !== 'string' || !STAGES.includes(stage) || stage === 'final' || typeof number !== 'number') {
    throw new VersionError(version, 'is a pre-release other than alpha.N, beta.N or rc.N');
  }
  if (parsed.prerelease.length > 2) throw new VersionError(version, 'has more after the number of its pre-release');
  return [...numbers, stage, String(number)];
}
