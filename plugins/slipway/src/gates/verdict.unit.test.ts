import { allows, worstVerdict, type Verdict } from './verdict';

describe('the worst verdict', () => {
  it.each([
    [['pass', 'fail', 'inconclusive'], 'fail'],
    [['pass', 'inconclusive', 'waived'], 'inconclusive'],
    [['pass', 'waived', 'notApplicable'], 'waived'],
    [['notApplicable', 'pass'], 'pass'],
    [['notApplicable'], 'notApplicable'],
    [[], 'inconclusive'],
  ] as [Verdict[], Verdict][])('of %j is %s', (verdicts, worst) => {
    expect(worstVerdict(verdicts)).toBe(worst);
  });

  it('blocks what is inconclusive as it blocks a failure', () => {
    expect((['pass', 'waived', 'notApplicable', 'fail', 'inconclusive'] as const).filter(allows)).toEqual([
      'pass',
      'waived',
      'notApplicable',
    ]);
  });
});
