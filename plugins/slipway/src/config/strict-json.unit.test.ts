import fc from 'fast-check';
import { parseTree, type ParseError } from 'jsonc-parser';
import { strictTree } from './strict-json';

const strict = (text: string) => {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  return { tree, errors };
};

/** JSON as people and tools write it: any spacing, and escapes where none is needed. */
const texts = fc.oneof(
  fc.json(),
  fc.json({ stringUnit: 'binary' }),
  fc
    .tuple(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(1, 2, '\t', ' \r\n'))
    .map(([value, indent]) => JSON.stringify(value, null, indent)),
  fc
    .string()
    .map(
      (text) =>
        `"${[...text].map((one) => `\\u${(one.codePointAt(0) ?? 0).toString(16).padStart(4, '0').slice(-4)}`).join('')}"`,
    ),
);

it('makes the very tree that jsonc-parser makes', () => {
  fc.assert(
    fc.property(texts, fc.constantFrom('', ' ', '\n', '\t\r\n'), (text, space) => {
      const source = `${space}${text}${space}`;
      expect(strictTree(source)).toEqual(strict(source).tree);
      expect(strict(source).errors).toEqual([]);
    }),
  );
});

it.each([
  '{"a":1,"a":2}',
  '{"__proto__":{"a":1}}',
  '[1e3,-0,1.5E-2,0]',
  '{ "a" : [ ] , "b" : { } }',
  '"\u2028\u2029"',
  '"\\"\\\\"',
  '[[[[]]],true,false,null]',
  `${'['.repeat(64)}${']'.repeat(64)}`,
])('makes the same tree of %s', (text) => {
  expect(strictTree(text)).toEqual(strict(text).tree);
});

it.each([
  '',
  ' ',
  '{',
  '{"a":1,}',
  '[1 2]',
  '// a\n{}',
  '\uFEFF{}',
  "{'a':1}",
  '{"a":01}',
  'nul',
  '"\n"',
  `${'['.repeat(65)}${']'.repeat(65)}`,
])('leaves %j to a parser that can tell what is wrong', (text) => {
  expect(strictTree(text)).toBeNull();
});

it('gives up a text as deep as no file is, rather than the stack', () => {
  expect(strictTree('['.repeat(2_000) + ']'.repeat(2_000))).toBeNull();
});
