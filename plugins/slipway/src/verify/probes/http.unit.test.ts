import { judgeAnswer, type HttpProbe } from './http';

const release = { version: '1.1.0', commit: 'abc' };

function probe(expect: Partial<HttpProbe['expect']> = {}, status = 200): HttpProbe {
  return {
    name: 'health',
    http: 'http://127.0.0.1/',
    headers: {},
    count: 1,
    noData: 'unknown',
    preflight: true,
    status,
    timeout: '1s',
    expect: { version: false, commit: false, json: {}, ...expect },
  };
}

const answer = (body: unknown, status = 200) => ({
  status,
  milliseconds: 12.4,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const judge = (asked: HttpProbe, body: unknown, status?: number) => judgeAnswer(asked, answer(body, status), release);

describe('judgeAnswer', () => {
  it('passes on the status alone where nothing more is expected', () => {
    expect(judge(probe(), '<html>')).toEqual({ result: 'passed', seen: '200 in 12 ms' });
    expect(judge(probe({}, 302), '', 302).result).toBe('passed');
  });

  it('fails on another status, server errors and redirects alike', () => {
    expect(judge(probe(), '', 503)).toEqual({ result: 'failed', seen: '503 in 12 ms, expected 200' });
    expect(judge(probe(), '', 301).result).toBe('failed');
  });

  it('compares version and commit with what was deployed', () => {
    const both = probe({ version: true, commit: true });
    expect(judge(both, { version: '1.1.0', commit: 'abc' })).toEqual({
      result: 'passed',
      seen: '200 in 12 ms, version 1.1.0',
    });
    expect(judge(both, { version: '1.0.0', commit: 'abc' }).seen).toContain('version is "1.0.0", expected "1.1.0"');
    expect(judge(both, { version: '1.1.0' }).seen).toContain('commit is missing, expected "abc"');
  });

  it('compares fixed values exactly, also nested ones', () => {
    const asked = probe({ json: { status: 'ok', 'checks.db': true } });
    expect(judge(asked, { status: 'ok', checks: { db: true } }).result).toBe('passed');
    expect(judge(asked, { status: 'ok', checks: { db: 'true' } }).result).toBe('failed');
    expect(judge(probe({ json: { toString: 'x' } }), {}).seen).toContain('toString is missing');
  });

  it.each(['', 'not json', '[]', 'null', '"ok"'])('fails where JSON is expected and %p comes', (body) => {
    expect(judge(probe({ version: true }), body)).toMatchObject({
      result: 'failed',
      seen: expect.stringContaining('no JSON object'),
    });
  });

  it('does not repeat a long answer', () => {
    expect(judge(probe({ json: { a: 1 } }), { a: 'x'.repeat(500) }).seen.length).toBeLessThan(130);
  });
});
