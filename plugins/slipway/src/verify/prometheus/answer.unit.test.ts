import { aggregate, type Aggregate } from './aggregate';
import { readAnswer } from './answer';

const success = (resultType: string, result: unknown, more: object = {}) =>
  JSON.stringify({ status: 'success', data: { resultType, result }, ...more });
const instant = (...values: string[]) =>
  success(
    'vector',
    values.map((value, index) => ({ metric: { instance: `i${index}` }, value: [1, value] })),
  );
const series = (...values: string[]) => success('matrix', [{ metric: {}, values: values.map((value) => [1, value]) }]);
const error = (errorType: string, text = 'wrong') => JSON.stringify({ status: 'error', errorType, error: text });

describe('readAnswer', () => {
  it.each<[string, string, readonly number[]]>([
    ['one series', instant('0.25'), [0.25]],
    ['a scalar', success('scalar', [1, '3']), [3]],
    ['a small number', instant('1e-7'), [1e-7]],
  ])('takes the value of %s', (_, body, points) => {
    expect(readAnswer(200, body, false)).toEqual({ kind: 'points', points, note: null });
  });

  it('takes the points of a range, and tells of a warning', () => {
    expect(readAnswer(200, series('1', '2'), true)).toMatchObject({ points: [1, 2] });
    const body = success('vector', [{ metric: {}, value: [1, '1'] }], { warnings: ['a store is away'] });
    expect(readAnswer(200, body, false)).toMatchObject({ note: 'with a warning: a store is away' });
  });

  it.each<[string, number, string, boolean, string, boolean]>([
    ['nothing', 200, instant(), false, 'no data', false],
    ['nothing in a range', 200, success('matrix', []), true, 'no data', false],
    ['a range without points', 200, series(), true, 'no data', false],
    ['NaN', 200, instant('NaN'), false, 'NaN is no number', false],
    ['an infinity', 200, instant('+Inf'), false, '+Inf is no number', false],
    ['one NaN among points', 200, series('1', 'NaN'), true, 'NaN is no number', false],
    ['several series', 200, instant('1', '1'), false, '2 series instead of one', true],
    ['a range in an instant', 200, series('1'), false, 'a range of values', true],
    ['a text', 200, success('string', [1, 'x']), false, 'a text', true],
    ['a histogram', 200, success('vector', [{ metric: {}, histogram: [1, {}] }]), false, 'a histogram', true],
    ['what does not parse', 400, error('bad_data', 'parse error: unexpected end'), false, 'parse error', true],
    ['what takes too long', 503, error('timeout'), false, 'timeout: wrong', false],
    ['what fails inside', 422, error('execution'), false, 'execution: wrong', false],
    ['who is not let in', 401, 'Unauthorized', false, 'HTTP 401', true],
    ['a redirection', 302, '', false, 'HTTP 302', false],
    ['a page of a proxy', 200, '<html>', false, 'not one of Prometheus', false],
    ['half an answer', 200, '{"status":"success","da', false, 'not one of Prometheus', false],
    ['null', 200, 'null', false, 'not one of Prometheus', false],
  ])('finds no value in %s', (_, status, body, ranged, seen, final) => {
    expect(readAnswer(status, body, ranged)).toMatchObject({
      kind: 'problem',
      seen: expect.stringContaining(seen),
      final,
    });
  });
});

it.each<[Aggregate, number]>([
  ['mean', 4],
  ['min', 1],
  ['max', 9],
  ['sum', 20],
  ['median', 3],
  ['p95', 8.2],
  ['last', 2],
])('the %s of points is %d', (by, expected) => {
  expect(aggregate([9, 1, 5, 3, 2], by)).toBeCloseTo(expected);
});
