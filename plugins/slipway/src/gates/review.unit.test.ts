import { judgeReview, type Review, type ReviewedChange, type Reviewer } from './review';

const person = (name: string, change: Partial<Reviewer> = {}): Reviewer => ({
  name,
  email: `${name.toLowerCase()}@example.org`,
  login: null,
  ...change,
});
const by = (who: Reviewer | string, change: Partial<Review> = {}): Review => ({
  person: typeof who === 'string' ? person(who) : who,
  state: 'approved',
  at: null,
  commit: null,
  ...change,
});
const change = (reviews: readonly Review[], more: Partial<ReviewedChange> = {}): ReviewedChange => ({
  commit: 'a'.repeat(40),
  subject: 'feat: greet',
  authors: [person('Dana')],
  head: null,
  reviews,
  url: null,
  exempt: null,
  ...more,
});
const judge = (changes: readonly ReviewedChange[], signOffs: readonly Reviewer[] = []) =>
  judgeReview({ changes, signOffs, source: 'trailers' }, { approvals: 2 });
const HEAD = 'f'.repeat(40);

describe('a change', () => {
  it.each<[string, readonly Review[], string, number]>([
    ['approved by two others', [by('Robin'), by('Sam')], 'pass', 2],
    ['approved by one', [by('Robin')], 'fail', 1],
    ['approved by nobody', [], 'fail', 0],
    ['approved twice by one', [by('Robin'), by('Robin')], 'fail', 1],
    ['approved by one with two addresses', [by('Robin'), by(person('Robin', { email: 'r@home.example' }))], 'fail', 1],
    [
      'approved by one whose address is written otherwise',
      [by('Robin'), by(person('R.', { email: 'ROBIN@Example.org' }))],
      'fail',
      1,
    ],
    ['approved by its author', [by('Robin'), by('Dana')], 'fail', 1],
    [
      'approved by its author from elsewhere',
      [by('Robin'), by(person('dana', { email: 'd@home.example' }))],
      'fail',
      1,
    ],
    [
      'approved by one who then asked for changes',
      [by('Robin'), by('Sam'), by('Sam', { state: 'changesRequested' })],
      'fail',
      1,
    ],
    [
      'approved by one who had asked for changes',
      [by('Sam', { state: 'changesRequested' }), by('Robin'), by('Sam')],
      'pass',
      2,
    ],
    [
      'whose request for changes was dismissed',
      [by('Sam', { state: 'changesRequested' }), by('Sam', { state: 'dismissed' }), by('Robin'), by('Kim')],
      'pass',
      2,
    ],
    ['whose approval was dismissed', [by('Robin'), by('Sam'), by('Sam', { state: 'dismissed' })], 'fail', 1],
    ['that a third still wants changed', [by('Robin'), by('Sam'), by('Kim', { state: 'changesRequested' })], 'fail', 2],
  ])('%s', (_what, reviews, verdict, measured) => {
    expect(judge([change(reviews)])).toMatchObject({ verdict, measured, limit: 2 });
  });

  it('takes reviews in the order of their times, not of the list', () => {
    const reviews = [
      by('Sam', { at: '2026-01-02T00:00:00Z' }),
      by('Sam', { at: '2026-01-01T00:00:00Z', state: 'changesRequested' }),
      by('Robin', { at: '2026-01-01T00:00:00Z' }),
    ];
    expect(judge([change(reviews)]).verdict).toBe('pass');
  });

  it('needs approvals of what was pushed last, and says which are stale', () => {
    const old = by('Sam', { commit: 'e'.repeat(40) });
    const found = judge([change([by('Robin', { commit: HEAD }), old], { head: HEAD })]);
    expect(found).toMatchObject({ verdict: 'fail', measured: 1 });
    expect(found.findings[0]?.detail).toBe('Sam approved before the last push');
    expect(judge([change([by('Robin', { commit: HEAD }), by('Sam', { commit: HEAD })], { head: HEAD })]).verdict).toBe(
      'pass',
    );
  });

  it('knows people at a host by login alone, also of one name', () => {
    const login = (name: string) => person('', { login: name, email: null });
    expect(judge([change([by(login('robin')), by(login('Robin'))])])).toMatchObject({ verdict: 'fail', measured: 1 });
    const self = change([by(login('robin')), by(login('dana'))], { authors: [person('Dana', { login: 'dana' })] });
    expect(judge([self])).toMatchObject({ verdict: 'fail', measured: 1 });
    expect(judge([change([by(login('robin')), by(login('sam'))])]).verdict).toBe('pass');
  });

  it('says whose own approval does not count, by which fingerprint it could be waived', () => {
    expect(judge([change([by('Dana')])]).findings).toEqual([
      {
        title: 'aaaaaaaa "feat: greet": 0 of 2 approvals',
        detail: "Dana can't approve their own work",
        fingerprint: `review:${'a'.repeat(40)}@0`,
      },
    ]);
  });
});

describe('a release', () => {
  const reviewed = change([by('Robin'), by('Sam')], { commit: 'b'.repeat(40) });

  it('is as well reviewed as its least reviewed change', () => {
    expect(judge([reviewed, change([by('Robin')])])).toMatchObject({ verdict: 'fail', measured: 1, missing: 1 });
    expect(judge([reviewed, change([], { exempt: 'the bump' })]).verdict).toBe('pass');
    expect(judge([change([], { exempt: 'the bump' })]).verdict).toBe('pass');
  });

  it('can be signed off as a whole, by persons who wrote none of it', () => {
    expect(judge([reviewed, change([])], [person('Kim'), person('Lee')]).verdict).toBe('pass');
    expect(judge([reviewed, change([by('Robin')])], [person('Kim')]).verdict).toBe('pass');
    expect(judge([change([by('Robin')])], [person('Robin')])).toMatchObject({ verdict: 'fail', missing: 1 });
    // The login may be Kim's.
    const atHost = change([by(person('', { login: 'k-99', email: null }))]);
    expect(judge([atHost], [person('Kim')])).toMatchObject({ verdict: 'fail', measured: 1 });
    const wrote = change([by('Robin'), by('Sam')], { authors: [person('Kim')] });
    const found = judge([wrote, change([])], [person('Kim'), person('Lee')]);
    expect(found).toMatchObject({ verdict: 'fail', missing: 1 });
    expect(found.warnings).toEqual(['Kim signed off, but wrote part of the release, so that does not count']);
  });

  it('waits for nobody while somebody wants changes: a sign-off does not overrule that', () => {
    const against = change([by('Robin', { state: 'changesRequested' })]);
    expect(judge([against], [person('Kim'), person('Lee')])).toMatchObject({ verdict: 'fail', missing: null });
  });

  it('asks nothing where no approval is asked for', () => {
    const facts = { changes: [change([])], signOffs: [], source: 'trailers' };
    expect(judgeReview(facts, { approvals: 0 })).toMatchObject({ verdict: 'notApplicable', findings: [] });
  });
});
