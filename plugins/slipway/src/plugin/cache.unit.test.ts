import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeCache } from './cache';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-cache-'));
  const { NX_WORKSPACE_DATA_DIRECTORY: _, ...env } = process.env;
  jest.replaceProperty(process, 'env', env);
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(root, { recursive: true, force: true });
});
const file = () => join(root, '.nx/workspace-data/slipway-nodes.json');

/** Asks for a value, and tells whether it had to be computed. */
function ask(contents: Readonly<Record<string, string>>, options: unknown = {}): string {
  let computed = '';
  const value = nodeCache(root).through(new Map(Object.entries(contents)), options, () => {
    computed = ' (computed)';
    return { of: contents };
  });
  return `${Object.keys(value.of).join()}${computed}`;
}

it('keeps a value for the same contents and options', () => {
  expect([ask({ a: '1' }), ask({ a: '1' })]).toEqual(['a (computed)', 'a']);
});

it.each<[string, Readonly<Record<string, string>>, unknown]>([
  ['another content', { a: '2' }, {}],
  ['another path', { b: '1' }, {}],
  ['one file more', { a: '1', b: '' }, {}],
  ['other options', { a: '1' }, { release: {} }],
])('computes again for %s', (_what, contents, options) => {
  ask({ a: '1' });
  expect(ask(contents, options)).toMatch(/computed/);
});

it('computes again where a file that was read for the value came, changed or went', () => {
  const askWith = (text: string | null): string => {
    const path = join(root, 'extra.md');
    if (text === null) rmSync(path, { force: true });
    else writeFileSync(path, text);
    let computed = '';
    const value = nodeCache(root).through(new Map([['a', '1']]), {}, (read) => {
      computed = ' (computed)';
      return { of: read('extra.md') };
    });
    return `${value.of}${computed}`;
  };
  expect([null, null, '1', '1', '2', null].map(askWith)).toEqual([
    'null (computed)',
    'null',
    '1 (computed)',
    '1',
    '2 (computed)',
    'null (computed)',
  ]);
});

it.each(['', '{', 'null', '{}', '[]', '"x"'])('takes a file that holds %j for none', (text) => {
  ask({ a: '1' });
  writeFileSync(file(), text);
  expect([ask({ a: '1' }), ask({ a: '1' })]).toEqual(['a (computed)', 'a']);
  expect(readdirSync(join(root, '.nx/workspace-data'))).toEqual(['slipway-nodes.json']);
});

it('goes without where nothing can be written', () => {
  writeFileSync(join(root, '.nx'), 'no folder');
  expect([ask({ a: '1' }), ask({ a: '1' })]).toEqual(['a (computed)', 'a (computed)']);
});

it("lies beside Nx's own data, also where that was moved", () => {
  jest.replaceProperty(process, 'env', { NX_WORKSPACE_DATA_DIRECTORY: 'elsewhere' });
  ask({ a: '1' });
  expect(readdirSync(join(root, 'elsewhere'))).toEqual(['slipway-nodes.json']);
});
