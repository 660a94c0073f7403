import type { EventOf, LedgerEventBody, StoredEvent } from './events';
import { foldRelease } from './release-state';

function events(...bodies: readonly LedgerEventBody[]): StoredEvent[] {
  return bodies.map((body, index) => ({
    v: 1,
    id: `e${index}`,
    at: new Date(index * 1_000).toISOString(),
    by: 'Ada <ada@example.org>',
    commit: `${index}`.padStart(40, '0'),
    body,
  }));
}

const planned = (version: string, commit = 'A'): EventOf<'planned'> => ({
  kind: 'planned',
  version,
  type: 'minor',
  tag: `v${version}`,
  branch: `release/v${version}`,
  commit,
  previous: '1.0.0',
  projects: ['backend'],
});
const bumped = (version: string, commit = 'B', outcome: 'done' | 'failed' = 'done'): LedgerEventBody => ({
  kind: 'bump.outcome',
  version,
  outcome,
  from: 'A',
  commit: outcome === 'done' ? commit : null,
  reason: '',
});
const checked = (version: string, commit: string, passed: boolean): LedgerEventBody => ({
  kind: 'check',
  version,
  passed,
  gated: 'A',
  commit,
  members: [],
  reasons: [],
});
const tagged = (version: string, outcome: 'done' | 'refused' = 'done'): LedgerEventBody => ({
  kind: 'tag.outcome',
  version,
  outcome,
  tag: `v${version}`,
  commit: 'B',
  reason: '',
});

describe('foldRelease', () => {
  it('finds nothing in nothing', () => {
    const state = foldRelease([]);
    expect(state).toMatchObject({
      open: null,
      bump: null,
      dossier: null,
      images: null,
      approvals: [],
      tag: null,
      lastTagged: null,
    });
    expect(state.dossiers.size).toBe(0);
    expect(state.releases.size).toBe(0);
  });

  it('holds what the open release has come to', () => {
    const state = foldRelease(
      events(
        planned('1.1.0'),
        { kind: 'bump.intent', version: '1.1.0', from: 'A' },
        bumped('1.1.0'),
        checked('1.1.0', 'B', false),
        checked('1.1.0', 'B', true),
        { kind: 'images', version: '1.1.0', commit: 'B', services: { backend: 'sha256:1' }, contexts: {}, built: [] },
        { kind: 'approval', version: '1.1.0', role: 'uat', commit: 'B', note: '' },
        { kind: 'tag.intent', version: '1.1.0', tag: 'v1.1.0', commit: 'B' },
      ),
    );
    expect(state.open).toMatchObject({ version: '1.1.0', branch: 'release/v1.1.0', at: '1970-01-01T00:00:00.000Z' });
    expect(state.bump).toMatchObject({ version: '1.1.0', from: 'A', commit: 'B', by: 'Ada <ada@example.org>' });
    expect(state.bumpUnfinished).toBeNull();
    expect(state.dossier?.passed).toBe(true);
    expect(state.dossiers.get('B')?.passed).toBe(true);
    expect(state.images?.services).toEqual({ backend: 'sha256:1' });
    expect(state.approvals.map((approval) => approval.role)).toEqual(['uat']);
    expect(state.tag).toBeNull();
    expect(state.tagUnfinished?.tag).toBe('v1.1.0');
  });

  it('takes the latest dossier of a commit, also when it fails after one that passed', () => {
    const state = foldRelease(events(planned('1.1.0'), checked('1.1.0', 'B', true), checked('1.1.0', 'B', false)));
    expect(state.dossiers.get('B')?.passed).toBe(false);
  });

  it('shows a bump that was cut off, and not one that failed', () => {
    const intent: LedgerEventBody = { kind: 'bump.intent', version: '1.1.0', from: 'A' };
    expect(foldRelease(events(planned('1.1.0'), intent)).bumpUnfinished).toMatchObject({ from: 'A' });
    const failed = foldRelease(events(planned('1.1.0'), intent, bumped('1.1.0', 'B', 'failed')));
    expect(failed.bumpUnfinished).toBeNull();
    expect(failed.bump).toBeNull();
  });

  it('keeps a tagged release open until the next one is planned', () => {
    const first = events(planned('1.1.0'), bumped('1.1.0'), tagged('1.1.0'));
    expect(foldRelease(first)).toMatchObject({ open: { version: '1.1.0' }, tag: { tag: 'v1.1.0' } });
    const next = foldRelease([...first, ...events(planned('1.2.0'))]);
    expect(next).toMatchObject({ open: { version: '1.2.0' }, tag: null, bump: null, lastTagged: { version: '1.1.0' } });
    expect(next.releases.get('1.1.0')?.bump?.commit).toBe('B');
  });

  it('does not call a refused tag a tag', () => {
    expect(foldRelease(events(planned('1.1.0'), tagged('1.1.0', 'refused'))).tag).toBeNull();
  });

  it('has no open release after it was abandoned, and starts afresh when it is planned again', () => {
    const abandoned: LedgerEventBody = { kind: 'abandoned', version: '1.1.0', reason: 'not now' };
    const given = [planned('1.1.0'), bumped('1.1.0'), abandoned];
    expect(foldRelease(events(...given))).toMatchObject({ open: null, bump: null });
    const again = foldRelease(events(...given, planned('1.1.0')));
    expect(again).toMatchObject({ open: { version: '1.1.0' }, bump: null });
    expect(again.releases.get('1.1.0')?.abandoned).toBeNull();
  });

  it('drops the bump of a plan that was made anew from another commit', () => {
    expect(foldRelease(events(planned('1.1.0'), bumped('1.1.0'), planned('1.1.0', 'A2'))).bump).toBeNull();
    expect(foldRelease(events(planned('1.1.0'), bumped('1.1.0'), planned('1.1.0', 'A'))).bump?.commit).toBe('B');
  });

  describe('with a hotfix beside a release from main', () => {
    const hotfix = { ...planned('1.0.1', 'P'), type: 'hotfix', base: 'hotfix/login' };
    const versions = (...bodies: readonly LedgerEventBody[]) =>
      foldRelease(events(...bodies)).opens.map(({ version }) => version);
    const abandoned = (version: string): LedgerEventBody => ({ kind: 'abandoned', version, reason: 'not now' });

    it('holds both open, each until another of its kind is planned', () => {
      const both = foldRelease(events(planned('1.1.0'), bumped('1.1.0'), hotfix));
      expect(both.opens.map(({ version }) => version)).toEqual(['1.1.0', '1.0.1']);
      expect(both).toMatchObject({ open: { version: '1.0.1' }, bump: null });
      expect(both.releases.get('1.1.0')?.bump?.commit).toBe('B');
      expect(versions(planned('1.1.0'), hotfix, planned('1.2.0'))).toEqual(['1.0.1', '1.2.0']);
      expect(versions(hotfix, planned('1.1.0'), { ...hotfix, version: '1.0.2' })).toEqual(['1.1.0', '1.0.2']);
    });

    it('goes on with the one when the other is given up', () => {
      expect(versions(planned('1.1.0'), hotfix, abandoned('1.0.1'))).toEqual(['1.1.0']);
      expect(versions(planned('1.1.0'), hotfix, abandoned('1.1.0'))).toEqual(['1.0.1']);
    });

    it('holds its forward-port open until main has it', () => {
      const opened: LedgerEventBody = { kind: 'forwardport.opened', version: '1.0.1', commits: ['F'] };
      const state = foldRelease(events(hotfix, opened));
      expect(state.forwardPorts).toMatchObject([{ version: '1.0.1', commits: ['F'] }]);
      const closed: LedgerEventBody = { kind: 'forwardport.closed', version: '1.0.1', commit: 'M' };
      expect(foldRelease(events(hotfix, opened, closed)).forwardPorts).toEqual([]);
    });
  });
});
