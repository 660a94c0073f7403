import { projectChecks } from './checks';
import { reportReaders } from '../reports/registry';
import { samples } from '../reports/testing/samples';
import { makeCase, runCase } from './testing/fuzz/run';
import { judgeSample, type JudgedSample } from './testing/judge-sample';

const CASES = 2_000;

describe('the samples', () => {
  it.each(samples.map((sample, index) => [`${index}: ${sample.format}`, sample] as const))(
    '%s is what it says',
    (_what, sample) => {
      expect(judgeSample(sample, sample.content)).toEqual({ verdict: sample.verdict, problem: null });
      for (const piece of [...(sample.evidence ?? []), ...(sample.claims ?? []), ...(sample.parts ?? [])]) {
        expect(sample.content.split(piece)).toHaveLength(2);
      }
      if (sample.verdict === 'fail') expect(sample.evidence?.length).toBeGreaterThanOrEqual(2);
    },
  );

  it('are of every format that a check judges', () => {
    const judged = new Set(Object.values(projectChecks).flatMap(({ kinds }): readonly string[] => kinds));
    const wanted = reportReaders.filter(({ kind }) => judged.has(kind)).map(({ format }) => format);
    expect([...new Set(samples.map(({ format }) => format))].sort()).toEqual([...wanted].sort());
  });
});

describe('changed reports', () => {
  it(`${CASES} of them: no error but ReportError, and none passes that must not`, () => {
    const outcomes = Array.from({ length: CASES }, (_, number) => runCase(makeCase(number)));
    expect(outcomes.filter(({ error, wrongPass }) => error !== null || wrongPass)).toEqual([]);
    const seen = new Set(outcomes.map(({ outcome }) => outcome));
    expect([...seen]).toEqual(expect.arrayContaining(['pass', 'fail', 'truncated', 'malformed', 'contradictory']));
  });

  it('are told to pass wrongly where a report that can not be read does: the run can fail', () => {
    const careless = (...args: Parameters<typeof judgeSample>): JudgedSample => {
      const judged = judgeSample(...args);
      return judged.problem === null ? judged : { ...judged, verdict: 'pass' };
    };
    const wrong = Array.from({ length: 100 }, (_, number) => runCase(makeCase(number), careless)).filter(
      ({ wrongPass }) => wrongPass,
    );
    expect(wrong.length).toBeGreaterThan(20);
  });

  it('are the same for the same number', () => {
    expect(makeCase(123)).toEqual(makeCase(123));
  });
});
