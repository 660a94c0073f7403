import * as fc from 'fast-check';
import { SchemaError, schemaDifference } from './api-schema';
import { composeVariables, DocumentError, interpolated } from './compose-variables';
import { documentedVariables, examplePlaces } from './env-example';
import { deadLinks, parseMarkdownFiles } from './links';
import { parseMarkdown, slugOf } from './markdown';
import { pythonVariables } from './python-variables';

describe('headings become anchors as GitHub names them', () => {
  it.each([
    ['Getting started', 'getting-started'],
    ['🚀 **Release** overview', '-release-overview'],
    ['`npm run demo`, twice!', 'npm-run-demo-twice'],
    ['Größe & Maß', 'größe--maß'],
    ['snake_case and kebab-case', 'snake_case-and-kebab-case'],
    ['C++ / C#', 'c--c'],
  ])('%s', (heading, anchor) => {
    expect([...parseMarkdown(`# ${heading}\n`).anchors]).toEqual([anchor]);
  });

  it('numbers those that stand twice', () => {
    const { anchors } = parseMarkdown('# Use\n\n## Use\n\nUse\n---\n\n# Use 1\n');
    expect([...anchors]).toEqual(['use', 'use-1', 'use-2', 'use-1-1']);
  });

  it('takes ids and names of HTML, and none of comments', () => {
    const { anchors } = parseMarkdown(
      '<a name="top-of-it"></a>\n\ntext <span id=here>x</span> <!-- <a id="gone"> -->\n',
    );
    expect([...anchors]).toEqual(['top-of-it', 'here']);
  });

  it('never makes one with spaces or capitals', () => {
    fc.assert(fc.property(fc.string(), (text) => !/[\sA-Z]/.test(slugOf(text.replace(/\s/g, ' ')))));
  });
});

describe('links', () => {
  it.each([
    ['a link', 'see [it](a.md)', [['a.md', 1]]],
    ['a link over two lines', 'one\ntwo [it](a.md)', [['a.md', 2]]],
    ['an image', '\n![pic](b.png "title")', [['b.png', 2]]],
    [
      'an image that is a link',
      '[![pic](b.png)](a.md)',
      [
        ['a.md', 1],
        ['b.png', 1],
      ],
    ],
    ['a reference', 'see [it][x]\n\n[x]: <c d.md>', [['c d.md', 1]]],
    ['a table', '| a | b |\n| - | - |\n| x | [y](z.md) |', [['z.md', 3]]],
    ['a list', '- one\n- [two](two.md)', [['two.md', 2]]],
    ['HTML', '<p>\n<img alt="a" src="i.svg">\n</p>', [['i.svg', 2]]],
    ['HTML in text', 'so <a href="t.md">t</a>', [['t.md', 1]]],
    ['code', '`[a](b.md)`\n\n```\n[a](b.md)\n```\n\n    [a](b.md)', []],
    ['a comment', '<!-- [a](b.md) <a href="b.md"> -->', []],
    ['what is no link', '[a] (b.md) and [c][nowhere]', []],
  ])('are found in %s', (_, text, links) => {
    expect(parseMarkdown(text).links.map(({ target, line }) => [target, line])).toEqual(links);
  });

  const there = new Set(['README.md', 'docs', 'docs/guide.md', 'docs/a b.md', 'docs/100%.md', 'LICENSE']);
  const files = [
    { path: 'docs/guide.md', content: '# Guide\n\n## Second part\n' },
    { path: 'docs/a b.md', content: '# Spaced\n' },
  ];
  it.each([
    ['guide.md', null],
    ['./guide.md', null],
    ['../docs/', null],
    ['/LICENSE', null],
    ['a%20b.md', null],
    ['100%.md', null],
    ['guide.md?plain=1', null],
    ['guide.md#second-part', null],
    ['guide.md#user-content-second-part', null],
    ['#here', null],
    ['#', null],
    ['../LICENSE#L3', null],
    ['https://example.org/nowhere.md', null],
    ['mailto:a@example.org', null],
    ['//example.org/x', null],
    ['gone.md', 'docs/gone.md does not exist'],
    ['Guide.md', 'docs/Guide.md does not exist'],
    ['/gone', 'gone does not exist'],
    ['guide.md#third-part', 'docs/guide.md has no heading or anchor #third-part'],
    ['#Here', 'docs/page.md has no heading or anchor #Here'],
    ['../../elsewhere.md', '../../elsewhere.md leads out of the workspace'],
  ])('%s leads %s', (target, problem) => {
    const page = { path: 'docs/page.md', content: `# Here\n\n[it](<${target}>)\n` };
    const documents = parseMarkdownFiles([...files, page]);
    const document = documents.get(page.path);
    if (document === undefined) throw new Error('the page was not parsed');
    const dead = deadLinks(page.path, document, { documents, exists: (path) => there.has(path) });
    expect(dead).toEqual(problem === null ? [] : [{ file: page.path, line: 3, target, problem }]);
  });
});

describe('variables of Compose files', () => {
  it.each([
    ['$A and ${B}', ['A', 'B']],
    ['${A:-one} ${B-two} ${C:?three} ${D?four} ${E:+five} ${F+six}', ['A', 'B', 'C', 'D', 'E', 'F']],
    ['${A:-${B:-$C}}', ['A', 'B', 'C']],
    ['$$A $${B} $$$C', ['C']],
    ['costs 5$ or $5 or ${5}', []],
    ['$lower_Case1-x', ['lower_Case1']],
  ])('%s', (text, names) => {
    expect(interpolated(text)).toEqual(names);
  });

  it('are those of values, with their lines, and never of comments or keys', () => {
    const compose = [
      '# ${COMMENT}',
      'x-env: &env',
      '  SHARED:',
      '  FIXED: x',
      'services:',
      '  web:',
      '    image: ${WEB_IMAGE:-web}',
      '    command: ["sh", "-c", "echo $$PID ${GREETING:?say something}"]',
      '    environment:',
      '      <<: *env',
      '      PASSED:',
      '      "${KEY}": value',
      '      TEXT: |',
      '        first',
      '        ${LATER}',
      '  worker:',
      '    build: { context: ., args: [BUILD_ARG, GIVEN=1] }',
      '    environment: [LISTED, SET=1, "MIXED=${INNER}"]',
    ].join('\n');
    expect(composeVariables(compose)).toEqual([
      { name: 'SHARED', line: 3 },
      { name: 'WEB_IMAGE', line: 7 },
      { name: 'GREETING', line: 8 },
      { name: 'PASSED', line: 11 },
      { name: 'LATER', line: 15 },
      { name: 'BUILD_ARG', line: 17 },
      { name: 'INNER', line: 18 },
      { name: 'LISTED', line: 18 },
    ]);
  });

  it.each(['', '# nothing', 'just text', 'services: [1, 2]', 'services: { web: ~ }'])('%j has none', (text) => {
    expect(composeVariables(text)).toEqual([]);
  });

  it('tells what is no YAML, with its line', () => {
    expect(() => composeVariables('services:\n  web: [1')).toThrow(DocumentError);
  });

  it('takes maps that merge each other without end for what they are', () => {
    const levels = Array.from(
      { length: 40 },
      (_, i) => `x-${i}: &m${i} { ${i === 0 ? 'DEEP: ~' : `<<: [*m${i - 1}, *m${i - 1}]`} }`,
    );
    const compose = `${levels.join('\n')}\nservices: { web: { environment: *m39 } }\n`;
    expect(composeVariables(compose)).toEqual([{ name: 'DEEP', line: 1 }]);
  });
});

describe('variables of Python modules', () => {
  const read = (...sources: string[]): string[] => {
    const files = sources.map((content, index) => ({ path: `m${index}.py`, content }));
    return [...pythonVariables(files).values()].flat().map(({ name, line }) => `${name}:${line}`);
  };

  it.each([
    [
      'os.environ',
      'import os\nA = os.environ["A"]\nB = os.environ.get("B", "x")\nC = "C" in os.environ',
      ['A:2', 'B:3', 'C:4'],
    ],
    ['os.getenv', 'import os\nA = os.getenv("A") or os.getenv(key="B", default="C")', ['A:2', 'B:2']],
    [
      'other names',
      'import os as o\nfrom os import environ as e, getenv\nA = e["A"], getenv("B"), o.environ["C"]',
      ['A:3', 'B:3', 'C:3'],
    ],
    ['an import in brackets', 'from os import (\n  environ,  # here\n  getenv,\n)\nA = environ["A"]', ['A:5']],
    ['an alias', 'import os\nsettings = os.environ\nA = settings["A"]', ['A:3']],
    [
      'django-environ',
      'import environ\nenv = environ.Env(DEBUG=(bool, False))\nenv.read_env("x")\nA = env("A", default="q")\nB = env.bool("B")\nC = env.db()',
      ['A:4', 'B:5', 'DATABASE_URL:6'],
    ],
    ['environs', 'from environs import Env\nenv = Env()\nA = env.str("A")', ['A:3']],
    ['decouple', 'from decouple import config\nA = config("A", cast=bool)', ['A:2']],
    [
      'a function that is handed it',
      'import os\nfrom helpers import required\nA = required(os.environ, "A", "NOT_THIS")',
      ['A:3'],
    ],
    [
      'what is written',
      'import os\nos.environ["A"] = "1"\ndel os.environ["B"]\nos.environ.pop("C")\nos.environ.setdefault("D", "1")',
      [],
    ],
    ['a comment and a text', 'import os\n# os.environ["A"]\nB = "os.environ[\'B\']"\n"""os.getenv("C")"""', []],
    ['what is made up', 'import os\nA = os.environ[f"A{1}"]\nfor n in ("B",): os.getenv(n)', []],
    ['another environ', 'environ = {"A": 1}\nB = environ["B"], getenv("C"), env("D"), config("E")', []],
    ['broken code', 'import os\nA = os.environ["A"]\ndef (:\n', ['A:2']],
  ])('%s', (_, source, names) => {
    expect(read(source)).toEqual(names);
  });

  it('follows the environment into the functions of other modules', () => {
    const settings =
      'import os\nfrom site import helpers\nDB = helpers.database(os.environ)\nX = helpers.Box().open(1, source=os.environ)\n';
    const helpers = [
      'def database(environment: Mapping, other=None):',
      '    return inner(environment) or environment["URL"]',
      'def inner(e):',
      '    return e.get("HOST")',
      'def other(e):',
      '    return e.get("NOT_THIS")',
      'class Box:',
      '    def open(self, one, source):',
      '        return source["BOXED"]',
    ].join('\n');
    expect(read(settings, helpers)).toEqual(['URL:2', 'HOST:4', 'BOXED:9']);
  });

  it('knows an Env that another module made', () => {
    expect(read('import environ\nenv = environ.Env()', 'from .base import env\nA = env("A")')).toEqual(['A:2']);
  });
});

describe('.env.example', () => {
  it('explains what it sets, exports or comments out', () => {
    const text = 'A=1\nexport B=2\n# C=3\n#D=\n  E = 5\n# F is a word\nG\n=H\n1I=2\n';
    expect([...documentedVariables(text)]).toEqual(['A', 'B', 'C', 'D', 'E']);
  });

  it.each([
    ['packages/api/deploy/compose.yml', 'packages/api', ['packages/api/deploy/', 'packages/api/', '']],
    ['packages/api/settings.py', 'packages/api', ['packages/api/', '']],
    ['compose.yml', '.', ['']],
    ['deploy/compose.yml', '.', ['deploy/', '']],
  ])('of %s is looked for beside it, around it and at the root', (file, root, folders) => {
    expect(examplePlaces(file, root)).toEqual(folders.map((folder) => `${folder}.env.example`));
  });
});

describe('descriptions of an API', () => {
  const compare = (a: string, b: string): string | null =>
    schemaDifference({ path: 'a', content: a }, { path: 'b', content: b });

  it.each([
    ['{"openapi":"3.1.0","paths":{}}', 'openapi: 3.1.0\n# same\npaths: {}\n', null],
    ['{"a":1,"b":[1,2]}', '{"b":[1,2],"a":1}', null],
    ['{"paths":{"/x/":{"get":{}}}}', '{"paths":{"/x/":{"get":{},"post":{}}}}', 'paths./x/.post'],
    ['{"a":[1,2]}', '{"a":[2,1]}', 'a.0'],
    ['{"a":[1]}', '{"a":{"0":1}}', 'a'],
    ['{"info":{"version":"1"}}', '{"info":{"version":"2"}}', 'info.version'],
  ])('%s and %s differ at %s', (a, b, place) => {
    expect(compare(a, b)).toBe(place);
    expect(compare(b, a)).toBe(place);
  });

  it.each(['', '{', '[]', '{}', 'text', 'a: [', 'null'])('%j describes nothing', (text) => {
    expect(() => compare('{"a":1}', text)).toThrow(SchemaError);
  });
});
