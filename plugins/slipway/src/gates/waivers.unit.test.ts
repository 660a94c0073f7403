import fc from 'fast-check';
import type { CheckResult, Finding } from './check';
import { applyWaivers, identityOf, LONGEST_WAIVER, unusedWaivers, type Waiver, type WaiverScope } from './waivers';
import { parseWaivers } from './waivers-file';

const SCOPE: WaiverScope = { project: 'api', asOf: '2026-11-22', unsettled: null };
const LODASH = 'security:npm/lodash:GHSA-35jh-r3h4-6jhm@high';
const MINIMIST = 'security:npm/minimist:GHSA-xvch-5gv4-984h@critical';

function finding(fingerprint: string, more: Partial<Finding> = {}): Finding {
  return { title: fingerprint, fingerprint, severity: 'high', ...more };
}

function failing(findings: readonly Finding[], more: Partial<CheckResult> = {}): CheckResult {
  return {
    check: 'security',
    verdict: 'fail',
    reason: '1 finding of high severity or above',
    measured: findings.length,
    limit: 0,
    unit: 'count',
    findings,
    ...more,
  };
}

function waiver(more: Partial<Waiver> = {}): Waiver {
  return {
    fingerprint: LODASH,
    owner: 'Ada',
    approver: 'Grace',
    reason: 'not reachable from our code',
    expiry: '2026-12-01',
    ...more,
  };
}

const apply = (result: CheckResult, waivers: readonly Waiver[], scope: Partial<WaiverScope> = {}) =>
  applyWaivers(result, waivers, { ...SCOPE, ...scope });

describe('a check with waivers', () => {
  it('is waived when each finding that keeps it from passing is, and names who did and until when', () => {
    const { result, used } = apply(failing([finding(LODASH), { title: 'a note' }]), [waiver()]);
    expect(result).toMatchObject({
      verdict: 'waived',
      reason: '1 finding of high severity or above; waived by Grace until 2026-12-01',
      findings: [{ waived: { approver: 'Grace', expiry: '2026-12-01', reason: 'not reachable from our code' } }, {}],
    });
    expect(used).toEqual([{ ...waiver(), check: 'security' }]);
  });

  it('fails as long as one finding is left, and says which are waived', () => {
    const { result } = apply(failing([finding(LODASH), finding(MINIMIST, { severity: 'critical' })]), [waiver()]);
    expect(result.verdict).toBe('fail');
    expect(result.findings.map(({ waived }) => waived?.approver)).toEqual(['Grace', undefined]);
  });

  it('names the first expiry of several', () => {
    const both = [waiver(), waiver({ fingerprint: MINIMIST, approver: 'Joan', expiry: '2026-11-25' })];
    const { result } = apply(failing([finding(LODASH), finding(MINIMIST, { severity: 'critical' })]), both);
    expect(result.reason).toMatch(/; waived by Grace and Joan until 2026-11-25$/);
  });

  it.each<[string, CheckResult, CheckResult['verdict']]>([
    ['an inconclusive one', failing([finding(LODASH)], { verdict: 'inconclusive' }), 'inconclusive'],
    ['one that failed for what has no fingerprint', failing([{ title: 'broken' }]), 'fail'],
    ['one that does not list all of its findings', failing([finding(LODASH)], { blocking: 2 }), 'fail'],
    ['one that passed', failing([], { verdict: 'pass' }), 'pass'],
    ['one that is not applicable', failing([], { verdict: 'notApplicable' }), 'notApplicable'],
  ])('stays what it is: %s', (_what, result, verdict) => {
    expect(apply(result, [waiver()]).result.verdict).toBe(verdict);
  });

  it('is inconclusive when something else could not be judged', () => {
    const unsettled = "audit.json can't be relied on: the file is empty";
    expect(apply(failing([finding(LODASH)]), [waiver()], { unsettled }).result).toMatchObject({
      verdict: 'inconclusive',
      reason: "audit.json can't be relied on: the file is empty; the rest is waived by Grace until 2026-12-01",
    });
  });

  it.each<[string, string, Partial<Waiver>, RegExp]>([
    ['expired', 'expired', { expiry: '2026-11-21' }, /expired on 2026-11-21$/],
    ['too long', 'tooFar', { expiry: '2026-12-23' }, /more than the 30 days that a finding of high severity/],
    ['approved by the owner', 'selfApproved', { approver: ' ADA ' }, /can't approve what Ada owns$/],
    [
      'for another state',
      'changed',
      { fingerprint: 'security:npm/lodash:GHSA-35jh-r3h4-6jhm@medium' },
      /the finding has changed since, and is .*@high now$/,
    ],
    ['not used', 'unused', { fingerprint: MINIMIST, project: 'api' }, /api has no such finding; remove it$/],
  ])('does not count, and is told: a waiver that is %s', (_what, kind, change, message) => {
    const { result, used, problems } = apply(failing([finding(LODASH)]), [waiver(change)]);
    expect([result.verdict, used]).toEqual(['fail', []]);
    expect(problems).toEqual([expect.objectContaining({ kind, message: expect.stringMatching(message) as string })]);
    expect(result.warnings).toEqual(problems.map((problem) => problem.message));
  });

  it('counts to the end of its last day', () => {
    const verdict = (asOf: string) => apply(failing([finding(LODASH)]), [waiver()], { asOf }).result.verdict;
    expect([verdict('2026-11-30'), verdict('2026-12-01'), verdict('2026-12-02')]).toEqual(['waived', 'waived', 'fail']);
  });

  it.each(Object.entries(LONGEST_WAIVER))('of a %s finding runs at most %i days', (severity, days) => {
    const on = (shift: number) => new Date(Date.UTC(2026, 10, 22 + shift)).toISOString().slice(0, 10);
    const found = failing([finding(LODASH, { severity: severity as keyof typeof LONGEST_WAIVER })]);
    expect(apply(found, [waiver({ expiry: on(days) })]).result.verdict).toBe('waived');
    expect(apply(found, [waiver({ expiry: on(days + 1) })]).result.verdict).toBe('fail');
  });

  it('leaves other projects and checks alone', () => {
    expect(apply(failing([finding(LODASH)]), [waiver({ project: 'web' })]).result.verdict).toBe('fail');
    expect(apply(failing([finding(LODASH)]), [waiver({ fingerprint: `x${LODASH}` })]).problems).toEqual([]);
  });
});

describe('any waivers', () => {
  const fingerprints = ['lodash@high', 'lodash@low', '@babel/core:1@high', 'plain'].map(
    (name) => `security:npm/${name}`,
  );
  const someFinding = fc.record({
    fingerprint: fc.constantFrom(...fingerprints),
    severity: fc.constantFrom('critical' as const, 'high' as const, 'low' as const),
  });
  const someWaiver: fc.Arbitrary<Waiver> = fc
    .record({
      fingerprint: fc.constantFrom(...fingerprints, 'security:other@high'),
      owner: fc.constantFrom('Ada', 'Grace'),
      approver: fc.constantFrom('Grace', 'ada'),
      day: fc.integer({ min: 1, max: 60 }),
    })
    .map(({ day, ...rest }) =>
      waiver({ ...rest, expiry: new Date(Date.UTC(2026, 10, day)).toISOString().slice(0, 10) }),
    );
  const findings = fc.array(someFinding, { minLength: 1, maxLength: 4 });
  const waivers = fc.array(someWaiver, { maxLength: 6 });
  const judged = (found: readonly { fingerprint: string }[], given: readonly Waiver[], scope = {}) =>
    apply(failing(found.map(({ fingerprint, ...rest }) => finding(fingerprint, rest))), given, scope);

  it('come to the same in any order', () => {
    fc.assert(
      fc.property(findings, waivers, fc.nat(), (found, given, seed) => {
        const turned = [...given.slice(seed % (given.length + 1)), ...given.slice(0, seed % (given.length + 1))];
        expect(judged(found, turned.reverse())).toEqual(judged(found, given));
      }),
    );
  });

  it('let nothing pass that none of them names', () => {
    fc.assert(
      fc.property(findings, waivers, (found, given) => {
        const { result } = judged(found, given);
        for (const { fingerprint, waived } of result.findings)
          if (waived !== undefined) expect(given.some((one) => one.fingerprint === fingerprint)).toBe(true);
        const named = found.every(({ fingerprint }) => given.some((one) => one.fingerprint === fingerprint));
        if (!named) expect(result.verdict).toBe('fail');
      }),
    );
  });

  it('once expired stay expired', () => {
    fc.assert(
      fc.property(findings, waivers, fc.integer({ min: 61, max: 300 }), (found, given, day) => {
        const asOf = new Date(Date.UTC(2026, 10, day)).toISOString().slice(0, 10);
        expect(judged(found, given, { asOf }).result.verdict).toBe('fail');
      }),
    );
  });
});

describe('waivers over a whole release', () => {
  const seen = (project: string, findings: readonly Finding[], more: Partial<CheckResult> = {}) => ({
    project,
    result: failing(findings, more),
  });

  it('are unused when no project has the finding any more', () => {
    const judged = [seen('api', [finding(LODASH)]), seen('web', [])];
    expect(unusedWaivers([waiver()], judged)).toEqual([]);
    expect(unusedWaivers([waiver({ fingerprint: MINIMIST })], judged)).toEqual([
      expect.objectContaining({ kind: 'unused', fingerprint: MINIMIST }),
    ]);
    expect(unusedWaivers([waiver({ project: 'web' })], judged)).toHaveLength(1);
  });

  it('are not called unused where the check could not be judged', () => {
    expect(unusedWaivers([waiver()], [seen('api', [], { verdict: 'inconclusive' })])).toEqual([]);
  });
});

it.each([
  ['security:npm/lodash:GHSA-35jh-r3h4-6jhm@high', 'security:npm/lodash:GHSA-35jh-r3h4-6jhm'],
  ['security:npm/@babel/core:CVE-2026-1', 'security:npm/@babel/core:CVE-2026-1'],
  ['security:npm/@babel/core:CVE-2026-1@high', 'security:npm/@babel/core:CVE-2026-1'],
  ['coverage:lines@79.5', 'coverage:lines'],
])('what stays the same of %s is %s', (fingerprint, identity) => {
  expect(identityOf(fingerprint)).toBe(identity);
});

describe('the file of waivers', () => {
  it('is an array, or an object that holds it, with comments', () => {
    const text = JSON.stringify([waiver()]);
    expect(parseWaivers(`// until the next minor release\n${text}`, 'waivers.json')).toEqual({ waivers: [waiver()] });
    expect(parseWaivers(`{ "waivers": ${text}, }`, 'waivers.json')).toEqual({ waivers: [waiver()] });
  });

  it.each([
    ['empty', '', 'waivers.json:1:1: the file is empty'],
    ['cut off', '[{ "fingerprint": "a:b"', 'waivers.json:1:24: not valid JSON'],
    ['no list', '"none"', 'waivers.json:1:1'],
    ['lacking a key', '[{ "fingerprint": "a:b" }]', 'waivers.json:1:2: [0].owner: missing'],
  ])('is a problem when it is %s, never none', (_what, text, problem) => {
    const set = parseWaivers(text, 'waivers.json');
    expect('problem' in set ? set.problem : '').toContain(problem);
  });
});
