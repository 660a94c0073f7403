import { slipwaySchema, type Probe } from '../config/schema';
import type { Attempt } from './attempt';
import { judgePreflight } from './preflight';

const METRIC = { name: 'errors', prometheus: { url: 'http://h', query: 'ratio' }, max: 1 };

function probe(change: object = {}): Probe {
  const parsed = slipwaySchema.parse({
    environments: {
      prod: {
        compose: 'c.yml',
        project: 'p',
        verify: { probes: [JSON.parse(JSON.stringify({ ...METRIC, ...change })) as object] },
      },
    },
  });
  return parsed.environments['prod']?.verify.probes[0] as Probe;
}

const passed: Attempt = { result: 'passed', seen: '0.5' };
const failed: Attempt = { result: 'failed', seen: '2, above 1' };
const empty: Attempt = { result: 'impossible', seen: 'no data' };
const wrong: Attempt = { result: 'impossible', seen: 'parse error', final: true };

describe('judgePreflight', () => {
  it.each<[string, Attempt, boolean, object, 'refusal' | 'warning' | null]>([
    ['what passes', passed, true, {}, null],
    ['what fails on a verified release', failed, true, {}, 'refusal'],
    ['what is unknown on a verified release', empty, true, {}, 'refusal'],
    ['what has nothing to measure, and may', empty, true, { noData: 'skip' }, 'warning'],
    ['what fails on what is broken: that is what a repair is for', failed, false, {}, 'warning'],
    ['what is unknown on what is broken', empty, false, {}, 'warning'],
    ['what can never tell anything', wrong, false, {}, 'refusal'],
    ['also where nothing to measure is fine', wrong, true, { noData: 'skip' }, 'refusal'],
  ])('%s', (_, attempt, knownGood, change, kind) => {
    const found = judgePreflight(probe(change), attempt, knownGood, {
      environment: 'prod',
      verifyCommand: 'run verify',
    });
    expect(found?.kind ?? null).toBe(kind);
  });

  it('only warns of logs and restarts, which count anew with each deployment', () => {
    const change = { prometheus: undefined, max: undefined, restarts: {} };
    const told = { environment: 'prod', verifyCommand: 'run verify' };
    expect(judgePreflight(probe(change), failed, true, told)?.kind).toBe('warning');
    expect(judgePreflight(probe(change), wrong, true, told)?.kind).toBe('refusal');
  });

  it('says which one, what it said, and how to have a repair let through', () => {
    expect(judgePreflight(probe(), failed, true, { environment: 'prod', verifyCommand: 'run verify' })).toMatchObject({
      refusal: {
        id: 'probes',
        reason: 'errors (ratio) fails on what runs in prod now, so it would condemn any release: 2, above 1',
        remedy: expect.stringContaining('run verify --hold'),
      },
    });
  });
});
