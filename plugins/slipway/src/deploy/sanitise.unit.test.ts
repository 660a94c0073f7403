import { lastLines, sanitise, secretsOf } from './sanitise';

describe('sanitise', () => {
  it('takes out terminal sequences and control characters, and keeps lines', () => {
    expect(sanitise('\u001b[31mred\u001b[0m\r\n\u001b]0;title\u0007two\u0000\u0008\tthree\u202e')).toBe(
      'red\ntwo\tthree',
    );
  });

  it('hides the values of variables that look secret, the longest first', () => {
    const secrets = secretsOf(
      new Map([
        ['POSTGRES_PASSWORD', 'hunter2'],
        ['API_TOKEN', 'hunter2-and-more'],
        ['POSTGRES_DB', 'helpdesk'],
        ['SHORT_KEY', 'a'],
      ]),
    );
    expect(sanitise('login hunter2-and-more for helpdesk with hunter2, a', secrets)).toBe(
      'login *** for helpdesk with ***, a',
    );
  });

  it('takes the last lines that say something', () => {
    expect(lastLines('one\n\ntwo \nthree\n \n', 2)).toEqual(['two', 'three']);
    expect(lastLines('abcdef', 1, 4)).toEqual(['abc…']);
  });
});
