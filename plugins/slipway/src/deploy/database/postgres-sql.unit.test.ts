import { differences } from './postgres-backups';
import { errorOf } from './postgres-client';
import { createLike, drop, leftOver, scratchName, swap } from './postgres-sql';

const like = { owner: `o"wner`, encodingName: 'UTF8', datcollate: 'C.UTF-8', datctype: `it's` };

it('quotes whatever names and locales hold', () => {
  expect(createLike('new', like)).toBe(
    `CREATE DATABASE "new" OWNER "o""wner" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'it''s';`,
  );
  // Once for the name, once for the block of code that holds it.
  expect(drop(`a"b'c$$`)).toContain(`datname = ''a"b''''c$$''`);
  expect(swap('a', 'b', 'c')).toMatch(
    /BEGIN;\nALTER DATABASE "a" RENAME TO "c";\nALTER DATABASE "b" RENAME TO "a";\nCOMMIT;$/,
  );
});

it('makes a database with the locale of its model, whatever provides it', () => {
  expect(createLike('new', { ...like, datlocprovider: 'c', daticulocale: null })).not.toContain('LOCALE_PROVIDER');
  expect(createLike('new', { ...like, datlocprovider: 'i', daticulocale: 'de' })).toContain(
    `LOCALE_PROVIDER icu ICU_LOCALE 'de'`,
  );
  expect(createLike('new', { ...like, datlocprovider: 'b', datlocale: 'C.UTF-8' })).toContain(
    `BUILTIN_LOCALE 'C.UTF-8'`,
  );
});

it('tells what was left behind beside one database from what belongs to another', () => {
  const pattern = (database: string) =>
    new RegExp(/'(\^slipway_proof_.*?\$)'/.exec(leftOver(['proof'], database))?.[1] ?? '');
  const name = scratchName('proof', 'shop');
  expect(name.length).toBeLessThan(64);
  expect(pattern('shop').test(name)).toBe(true);
  expect(pattern('shop2').test(name)).toBe(false);
  expect(pattern('shop').test(scratchName('replaced', 'shop'))).toBe(false);
});

it('finds the cause in what PostgreSQL says, and passes over the rows that follow it', () => {
  const said = `pg_restore: while PROCESSING TOC:\npg_restore: error: COPY failed for table "t": ERROR:  bad value\nCONTEXT:  COPY t, line 1: "somebody's data"\n`;
  expect(errorOf(said, [])).toBe('pg_restore: error: COPY failed for table "t": ERROR:  bad value');
  expect(errorOf('psql: FATAL:  password hunter2\n', ['hunter2'])).toBe('psql: FATAL:  password ***');
  expect(errorOf('', [])).toBe('');
});

it.each([
  [null, { a: 1 }, []],
  [{ a: 1 }, { a: 1 }, []],
  [{ a: 1 }, {}, ['a is missing']],
  [{}, { a: 1 }, ['a was not there']],
  [{ a: 2, b: 0 }, { a: 1, b: 0 }, ['a has 1 rows, not 2']],
])('compares %j with %j', (before, now, expected) => expect(differences(before, now)).toEqual(expected));
