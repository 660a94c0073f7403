import type { RunningService } from '../../deploy/drivers/driver';
import { judgeLogs } from './log';
import { judgeRestarts } from './restarts';

const patterns = { errors: ['\\bERROR\\b', 'Traceback'], allowed: ['ERROR: retried'] };
const log = (max = 0) => ({ log: { ...patterns, max }, minSamples: 1 });
const of = (service: string, ...lines: string[]) => ({ service, lines });

describe('judgeLogs', () => {
  it.each<[string, ReturnType<typeof of>[], number, string, string]>([
    ['no error', [of('api', 'INFO up', 'GET /health/')], 0, 'passed', 'no error in 2 lines'],
    [
      'an error',
      [of('api', 'INFO up', 'ERROR no disk')],
      0,
      'failed',
      'an error in 2 lines, first of api: ERROR no disk',
    ],
    ['a trace', [of('api', 'INFO'), of('web', 'Traceback (most recent')], 0, 'failed', 'first of web'],
    ['an allowed one', [of('api', 'ERROR: retried')], 0, 'passed', 'no error in 1 line'],
    ['a part of a word', [of('api', 'TERRORS')], 0, 'passed', 'no error'],
    ['as many as are tolerated', [of('api', 'ERROR 1', 'ERROR 2')], 2, 'passed', '2 of at most 2 errors'],
    ['one more', [of('api', 'ERROR 1', 'ERROR 2', 'ERROR 3')], 2, 'failed', '3 errors in 3 lines'],
    ['a silent service', [of('api'), of('web', 'hello')], 0, 'impossible', 'api (0 lines)'],
    ['no service', [], 0, 'impossible', 'no service'],
  ])('%s', (_, logs, max, result, seen) => {
    expect(judgeLogs(log(max), logs)).toMatchObject({ result, seen: expect.stringContaining(seen) });
  });

  it('tells an error of a service also where another one is silent', () => {
    expect(judgeLogs(log(), [of('api'), of('web', 'ERROR')]).result).toBe('failed');
  });

  it('takes silence for data where that is configured', () => {
    expect(judgeLogs({ ...log(), minSamples: 0 }, [of('api')])).toMatchObject({ result: 'passed', samples: 0 });
  });
});

describe('judgeRestarts', () => {
  const since = new Date('2026-01-02T10:00:00Z');
  const instance = (change: Partial<RunningService> = {}): RunningService => ({
    service: 'api',
    instance: 'i1',
    image: 'sha256:1',
    running: true,
    exitCode: 0,
    health: 'healthy',
    release: null,
    restarts: 0,
    startedAt: '2026-01-02T10:00:05Z',
    ...change,
  });
  const judge = (max: number, ...running: RunningService[]) =>
    judgeRestarts({ restarts: { max } }, ['api'], running, since);

  it.each<[string, RunningService[], number, string, string]>([
    ['none', [instance()], 0, 'passed', 'no restart of 1 container'],
    ['one', [instance({ restarts: 1 })], 0, 'failed', 'api 1×'],
    ['one of another service', [instance(), instance({ service: 'db', restarts: 9 })], 0, 'passed', 'no restart'],
    [
      'one before the deployment',
      [instance({ restarts: 3, startedAt: '2026-01-02T09:00:00Z' })],
      0,
      'passed',
      'no restart',
    ],
    ['as many as are tolerated', [instance({ restarts: 2 })], 2, 'passed', '2 restarts'],
    [
      'of all instances together',
      [instance({ restarts: 2 }), instance({ restarts: 1 })],
      2,
      'failed',
      'api 2×; api 1×',
    ],
    ['under way', [instance({ restarting: true, startedAt: null })], 0, 'failed', 'being started again'],
    ['no container', [], 0, 'impossible', 'api has no container'],
  ])('%s', (_, running, max, result, seen) => {
    expect(judge(max, ...running)).toMatchObject({ result, seen: expect.stringContaining(seen) });
  });
});
