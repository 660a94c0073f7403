import fc from 'fast-check';
import { readPackageName } from './names';

const nameOf = (text: string): string | null => {
  try {
    return readPackageName('package.json', text);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};
/** An escape makes the name be looked up in the tree, which knows what stands where. */
const withEscape = (text: string): string => text.replace(/\}$/, `${text === '{}' ? '' : ','}"\\u0061":0}`);

it('finds the same name whether or not it needs a tree', () => {
  const key = fc.constantFrom('name', 'version', 'author', '__proto__', 'Name');
  const value = fc.oneof(fc.constantFrom('"name"', '"ui"', '1', 'null', '{"name":"other"}', '["name"]', '{}'));
  fc.assert(
    fc.property(fc.array(fc.tuple(key, value), { maxLength: 4 }), (pairs) => {
      const text = `{${pairs.map(([one, other]) => `"${one}":${other}`).join(',')}}`;
      expect(nameOf(text)).toBe(nameOf(withEscape(text)));
    }),
  );
});

it.each([
  ['{"name":"ui"}', 'ui'],
  ['{"author":{"name":"Robin"}}', null],
  ['{"name":1}', null],
  ['{"n\\u0061me":"ui"}', 'ui'],
  ['{"name":"ui","n\\u0061me":"other"}', 'package.json:1: "name" stands here twice'],
  ['["name"]', 'package.json:1: a JSON object was expected'],
])('reads the name of %s', (text, name) => {
  expect(nameOf(text)).toBe(name);
});
