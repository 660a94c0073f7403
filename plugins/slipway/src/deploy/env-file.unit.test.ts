import * as fc from 'fast-check';
import { EnvFileError, parseEnvFile } from './env-file';

const parse = (content: string) => Object.fromEntries(parseEnvFile('.env', content));

describe('parseEnvFile', () => {
  it('reads plain, exported and empty values, and passes over comments and blank lines', () => {
    expect(parse('# ports\nPORT=8100\n\n  export NAME = help desk  # why\nEMPTY=\nHASH=a#b\n')).toEqual({
      PORT: '8100',
      NAME: 'help desk',
      EMPTY: '',
      HASH: 'a#b',
    });
  });

  it('takes CRLF files and a byte order mark', () => {
    expect(parse('\uFEFFA=1\r\nB="two"\r\n')).toEqual({ A: '1', B: 'two' });
  });

  it('keeps single quotes literal and lets double quotes escape and span lines', () => {
    expect(parse(`A='$B \\n # no comment'\nC="one\\ntwo" # comment\nD="x\ny"\nE=last`)).toEqual({
      A: '$B \\n # no comment',
      C: 'one\ntwo',
      D: 'x\ny',
      E: 'last',
    });
  });

  it('lets values refer to those before them and to earlier files', () => {
    const known = new Map([['HOST', 'db']]);
    const variables = parseEnvFile('.env', 'PORT=5432\nURL=pg://${HOST}:$PORT/${NAME:-app}\nCOST="\\$5"', known);
    expect(variables.get('URL')).toBe('pg://db:5432/app');
    expect(variables.get('COST')).toBe('$5');
  });

  it('says where a line is wrong, without its value', () => {
    expect(() => parse('A=1\nhunter2 is no assignment\n')).toThrow(
      new EnvFileError('.env', 2, 'expected NAME=value, or a comment that starts with #'),
    );
    expect(() => parse('A="x\ny"\nB="never closed\n')).toThrow(
      '.env:3: the quote that opens the value of B is never closed',
    );
    expect(() => parse('A="secret" trailing')).toThrow('.env:1: something follows the quoted value of A');
  });

  it('gives back any value that was written in single quotes', () => {
    const value = fc.string({ unit: 'grapheme' }).filter((text) => !/['\r]/.test(text));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 5 }), (values) => {
        const content = values.map((text, index) => `V${index}='${text}'`).join('\n');
        expect(parse(content)).toEqual(Object.fromEntries(values.map((text, index) => [`V${index}`, text])));
      }),
    );
  });
});
