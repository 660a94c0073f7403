import fc from 'fast-check';
import { parseJson } from './json';
import { ReportError } from './report';

function problem(text: string): string {
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof ReportError) return error.problem;
    throw error;
  }
  return 'none';
}

describe('JSON of reports', () => {
  it('is what JSON.parse says, whatever it holds', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(2), (text, indent) => {
        const value: unknown = JSON.parse(text);
        expect(parseJson(JSON.stringify(value, null, indent))).toEqual(value);
      }),
    );
  });

  it.each([
    ['a key twice', '{"a":1,"a":2}', 'contradictory'],
    ['a key twice with the same value', '{"a":1,"a":1}', 'contradictory'],
    ['a key twice deep inside', '[{"x":{"a":[],"b":0,"a":[]}}]', 'contradictory'],
    ['a key twice, once escaped', '{"a":1,"\\u0061":2}', 'contradictory'],
    ['the same key in two objects', '[{"a":1},{"a":{"a":1}}]', 'none'],
    ['colons and braces within texts', '{"a:{":"\\\\\\"{[:,","b\\\\":":"}', 'none'],
    ['the name of a prototype', '{"__proto__":{"a":1},"constructor":2}', 'none'],
    ['a text without an end', '{"a":"b', 'truncated'],
    ['a bracket too many', '{"a":1}]', 'malformed'],
    ['more nesting than a report has', `${'['.repeat(201)}${']'.repeat(201)}`, 'hostile'],
    ['as much nesting as a report may have', `${'['.repeat(200)}${']'.repeat(200)}`, 'none'],
  ])('%s', (_what, text, expected) => {
    expect(problem(text)).toBe(expected);
  });
});
