import fc from 'fast-check';
import { blankVersions, editManifest, findVersions, type ManifestEdit, type ManifestNames } from './index';

const names: ManifestNames = {
  packages: new Set(['core']),
  images: new Set(['desk/api']),
  memberRoots: new Set(['.', 'packages/ui']),
};

const plain = fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)).map((parts) => parts.join('.'));
const tag = fc.tuple(plain, fc.constantFrom('', '-rc.1', '-alpha', '-0.a-b')).map((parts) => parts.join(''));
const semver = fc.tuple(tag, fc.constantFrom('', '+build.7')).map((parts) => parts.join(''));
const newline = fc.constantFrom('\n', '\r\n');
const bom = fc.constantFrom('', '\uFEFF');
const end = fc.constantFrom('', '\n', '\r\n');

interface Sample {
  readonly path: string;
  readonly content: string;
}

/** Manifests of every kind around arbitrary versions, with the versions that they can be given. */
const kinds: Readonly<
  Record<string, { readonly version: fc.Arbitrary<string>; readonly sample: fc.Arbitrary<Sample> }>
> = {
  'package.json': {
    version: semver,
    sample: fc
      .tuple(
        semver,
        semver,
        fc.constantFrom('', '^', '~', '=', 'workspace:', 'workspace:~'),
        fc.constantFrom('\t', '  '),
        fc.string(),
        newline,
      )
      .map(([own, dependency, form, indent, description, eol]) => ({
        path: 'package.json',
        content: JSON.stringify(
          {
            description,
            version: own,
            dependencies: { core: form + dependency, other: dependency },
            peerDependencies: { core: '*' },
          },
          null,
          indent,
        ).replace(/\n/g, eol),
      })),
  },
  'package-lock.json': {
    version: semver,
    sample: fc.tuple(semver, semver, fc.constantFrom(2, 3)).map(([own, dependency, lockfileVersion]) => ({
      path: 'package-lock.json',
      content: JSON.stringify({
        version: own,
        lockfileVersion,
        packages: {
          '': { version: own },
          'packages/ui': { version: own, dependencies: { core: `^${dependency}` } },
          'node_modules/x': { version: dependency },
        },
      }),
    })),
  },
  'setup.py': {
    version: plain,
    sample: fc.tuple(plain, fc.constantFrom('"', "'", '"""'), fc.boolean(), newline).map(([own, quote, named, eol]) => {
      const literal = quote + own + quote;
      const lines = named
        ? [`V = ${literal}  # é😀`, 'setup(name="x", version=V)']
        : [`setup(name="é😀", version=${literal},`, '\tx=1)'];
      return { path: 'setup.py', content: lines.join(eol) };
    }),
  },
  'requirements.txt': {
    version: plain,
    sample: fc
      .tuple(plain, plain, fc.constantFrom('', '[a]', ' [a, b] '), newline)
      .map(([own, other, extras, eol]) => ({
        path: 'requirements.txt',
        content: [`# core==${other}`, `Core${extras}==${own} ; python_version < "4"  # é😀`, `corex==${other}`].join(
          eol,
        ),
      })),
  },
  'compose.yaml': {
    version: tag,
    sample: fc
      .tuple(
        tag,
        tag,
        fc.constantFrom(
          (text: string) => text,
          (text: string) => `"${text}"`,
          (text: string) => `\${V:-${text}}`,
          (text: string) => `&a '${text}' # é😀`,
        ),
        newline,
      )
      .map(([own, other, form, eol]) => ({
        path: 'compose.yaml',
        content: [
          'services:',
          '  é😀:',
          `    image: ${form(`desk/api:${own}`)}`,
          '  b:',
          `    image: other/api:${other}`,
        ].join(eol),
      })),
  },
};

const edits = (version: string): ManifestEdit => ({
  version,
  dependencies: { core: version },
  images: { 'desk/api': version },
});

describe.each(Object.entries(kinds))('%s', (_, { version, sample }) => {
  const samples = fc
    .tuple(sample, bom, end)
    .map(([{ path, content }, mark, last]) => ({ path, content: mark + content + last }));

  it('has versions, and reads back the one it was given in each place', () => {
    fc.assert(
      fc.property(samples, version, ({ path, content }, next) => {
        const texts = findVersions(path, editManifest(path, content, edits(next), names), names).map(
          ({ text }) => text,
        );
        expect(texts).toEqual(findVersions(path, content, names).map(() => next));
        expect(texts).not.toHaveLength(0);
      }),
    );
  });

  it('gives back the same text when it is edited back', () => {
    fc.assert(
      fc.property(samples, version, version, ({ path, content }, from, to) => {
        const start = editManifest(path, content, edits(from), names);
        expect(editManifest(path, editManifest(path, start, edits(to), names), edits(from), names)).toBe(start);
      }),
    );
  });

  it('has the same blanked text before and after, and keeps it when blanked again', () => {
    fc.assert(
      fc.property(samples, version, ({ path, content }, next) => {
        const blanked = blankVersions(path, content, names);
        expect(blankVersions(path, editManifest(path, content, edits(next), names), names)).toBe(blanked);
        expect(blankVersions(path, blanked, names)).toBe(blanked);
        // It differs from the edit in nothing but the versions that were asked.
        expect(editManifest(path, content, edits('0.0.0'), names)).toBe(blanked);
      }),
    );
  });

  it('stays as it is where nothing is asked', () => {
    fc.assert(
      fc.property(samples, ({ path, content }) => expect(editManifest(path, content, {}, names)).toBe(content)),
    );
  });

  it('has another blanked text when anything else changes', () => {
    fc.assert(
      fc.property(samples, version, ({ path, content }, next) => {
        const edited = editManifest(path, content, edits(next), names);
        expect(blankVersions(path, `${edited}\n`, names)).not.toBe(blankVersions(path, content, names));
      }),
    );
  });
});

it('refuses a file that is no manifest', () => {
  expect(() => blankVersions('README.md', 'x', names)).toThrow(
    'README.md:1: not a kind of file whose versions are known',
  );
});
