import { judgeRehearsal, type RehearsedRollback } from './rehearsal';

const DAY = 86_400_000;
const NOW = new Date('2026-11-22T12:00:00Z');
const SERVICES = { api: 'sha256:1', web: 'sha256:2' };
const before = (days: number): string => new Date(NOW.getTime() - days * DAY).toISOString();
const rollback = (change: Partial<RehearsedRollback> = {}): RehearsedRollback => ({
  left: SERVICES,
  done: true,
  health: 'healthy',
  finished: before(2),
  ...change,
});

const TOLD = 'the rollback from these images in staging, 2 days ago,';

describe('the rehearsal of a rollback', () => {
  it.each<[string, readonly RehearsedRollback[], string, string]>([
    ['done, and healthy afterwards', [rollback()], 'pass', `${TOLD} was done and brought back something healthy`],
    [
      'of more images than are deployed',
      [rollback({ left: { ...SERVICES, job: 'sha256:3' } })],
      'pass',
      `${TOLD} was done and brought back something healthy`,
    ],
    ['never', [], 'fail', 'no rollback from these images was rehearsed in staging'],
    [
      'of one other image',
      [rollback({ left: { ...SERVICES, web: 'sha256:9' } })],
      'fail',
      'no rollback from these images was rehearsed in staging',
    ],
    [
      'of too few images',
      [rollback({ left: { api: 'sha256:1' } })],
      'fail',
      'no rollback from these images was rehearsed in staging',
    ],
    [
      'of nobody knows what',
      [rollback({ left: null })],
      'fail',
      'no rollback from these images was rehearsed in staging',
    ],
    [
      'too long ago',
      [rollback({ finished: before(31) })],
      'fail',
      'the rollback from these images in staging, 31 days ago, is too long ago; at most 30 days are allowed',
    ],
    ['that was not done', [rollback({ done: false })], 'fail', `${TOLD} was not done`],
    ['that left nobody knows what', [rollback({ done: null })], 'inconclusive', `${TOLD} left nobody knows what`],
    [
      'that brought back something broken',
      [rollback({ health: 'unhealthy' })],
      'fail',
      `${TOLD} brought back something unhealthy`,
    ],
    [
      'that nobody verified',
      [rollback({ health: null })],
      'inconclusive',
      `${TOLD} brought back something whose health nobody knows`,
    ],
    [
      'of unknown health',
      [rollback({ health: 'unknown' })],
      'inconclusive',
      `${TOLD} brought back something whose health nobody knows`,
    ],
    [
      'that is under way',
      [rollback({ finished: null, done: null })],
      'inconclusive',
      'the rollback in staging has not ended',
    ],
    ['from the future', [rollback({ finished: before(-1) })], 'inconclusive', 'the rollback is dated in the future'],
    [
      'that failed after one that was done',
      [rollback({ finished: before(3) }), rollback({ done: false })],
      'fail',
      `${TOLD} was not done`,
    ],
    [
      'that was done after one that failed',
      [rollback({ done: false, finished: before(3) }), rollback()],
      'pass',
      `${TOLD} was done and brought back something healthy`,
    ],
  ])('%s', (_, rollbacks, verdict, reason) => {
    const demand = { services: SERVICES, environment: 'staging', maxAge: 30 * DAY, now: NOW };
    expect(judgeRehearsal(rollbacks, demand)).toMatchObject({
      check: 'rehearsal',
      verdict,
      reason,
      limit: 720,
      unit: 'hours',
    });
  });

  it('of no images at all says nothing', () => {
    const demand = { services: {}, environment: 'staging', maxAge: DAY, now: NOW };
    expect(judgeRehearsal([rollback()], demand)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'no images are known',
    });
  });
});
