import * as fc from 'fast-check';
import { foldEnvironment } from './environment-state';
import type { DeployedRelease, Health, LedgerEventBody, StoredEvent } from './events';
import type { OutcomeKind } from './outcome';

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

const release = (version: string): DeployedRelease => ({
  version,
  commit: `commit-${version}`,
  services: { web: `sha256:${version}` },
});
const intent = (version: string, deployment: string, anchor: string | null = null): LedgerEventBody => ({
  kind: 'deploy.intent',
  deployment,
  configHash: 'h',
  anchor: anchor === null ? null : release(anchor),
  ...release(version),
});
const outcome = (version: string, deployment: string, kind: OutcomeKind = 'done'): LedgerEventBody => ({
  kind: 'deploy.outcome',
  version,
  deployment,
  outcome: kind,
  services: release(version).services,
  reason: kind,
});
const verify = (version: string, deployment: string, health: Health): LedgerEventBody => ({
  kind: 'verify.outcome',
  version,
  deployment,
  health,
  services: release(version).services,
  measurements: [],
  reason: `it was ${health}`,
});
const rollbackIntent = (version: string, deployment: string, to: string): LedgerEventBody => ({
  kind: 'rollback.intent',
  version,
  deployment,
  to: release(to),
  services: release(to).services,
  automatic: true,
  reason: 'unhealthy',
});
const rollbackOutcome = (
  version: string,
  deployment: string,
  to: string,
  kind: OutcomeKind = 'done',
): LedgerEventBody => ({
  kind: 'rollback.outcome',
  version,
  deployment,
  outcome: kind,
  to,
  services: release(to).services,
  reason: '',
});
/** 1.0 deployed and verified. */
const first = [intent('1.0', 'd1'), outcome('1.0', 'd1'), verify('1.0', 'd1', 'healthy')];

describe('foldEnvironment', () => {
  it('finds nothing in nothing', () => {
    expect(foldEnvironment([])).toMatchObject({
      current: null,
      lastVerified: null,
      verified: [],
      unfinished: null,
      doubt: null,
      history: [],
    });
  });

  it('knows what serves, since when, by whom, and that it is not verified yet', () => {
    const state = foldEnvironment(events(intent('1.0', 'd1'), outcome('1.0', 'd1')));
    expect(state.current).toEqual({
      ...release('1.0'),
      since: '1970-01-01T00:00:01.000Z',
      by: 'Ada <ada@example.org>',
      deployment: 'd1',
      health: 'unknown',
      snapshotOf: null,
    });
    expect(state.lastVerified).toBeNull();
    expect(state.verified).toEqual([]);
  });

  it('takes the digests that were read back, not the ones that were asked for', () => {
    const seen: LedgerEventBody = {
      kind: 'deploy.outcome',
      version: '1.0',
      deployment: 'd1',
      outcome: 'done',
      services: { web: 'sha256:seen' },
      reason: '',
    };
    expect(foldEnvironment(events(intent('1.0', 'd1'), seen)).current?.services).toEqual({ web: 'sha256:seen' });
  });

  it('calls only a healthy verification verified', () => {
    expect(foldEnvironment(events(...first))).toMatchObject({
      current: { health: 'healthy' },
      lastVerified: { version: '1.0', commit: 'commit-1.0' },
    });
    const unknown = foldEnvironment(events(intent('1.0', 'd1'), outcome('1.0', 'd1'), verify('1.0', 'd1', 'unknown')));
    expect(unknown).toMatchObject({ current: { health: 'unknown' }, verified: [], lastVerified: null });
    expect(unknown.bad.size).toBe(0);
  });

  it('does not verify what was never deployed', () => {
    expect(foldEnvironment(events(verify('9.9', 'd9', 'healthy')))).toMatchObject({ verified: [], lastVerified: null });
  });

  it('shows a deployment that was cut off, and still knows what served before', () => {
    const state = foldEnvironment(events(...first, intent('1.1', 'd2', '1.0')));
    expect(state.unfinished).toMatchObject({ kind: 'deploy.intent', version: '1.1', deployment: 'd2' });
    expect(state.current?.version).toBe('1.0');
    expect(state.history.at(-1)).toMatchObject({ outcome: null, finished: null, before: { version: '1.0' } });
  });

  it('follows a rollback after an unhealthy verification, under the same id or another', () => {
    for (const id of ['d2', 'r1']) {
      const state = foldEnvironment(
        events(
          ...first,
          intent('1.1', 'd2', '1.0'),
          outcome('1.1', 'd2'),
          verify('1.1', 'd2', 'unhealthy'),
          rollbackIntent('1.1', id, '1.0'),
          rollbackOutcome('1.1', id, '1.0'),
          verify('1.0', id, 'healthy'),
        ),
      );
      expect(state.current).toMatchObject({ version: '1.0', commit: 'commit-1.0', deployment: id, health: 'healthy' });
      expect(state.lastVerified?.version).toBe('1.0');
      expect([...state.bad.keys()]).toEqual(['1.1']);
      expect(state.unfinished).toBeNull();
      expect(state.history.map(({ kind, health }) => [kind, health])).toEqual([
        ['deploy', 'healthy'],
        ['deploy', 'unhealthy'],
        ['rollback', 'healthy'],
      ]);
      expect(state.history.at(-1)?.before?.version).toBe('1.1');
    }
  });

  it('follows a rollback within a deployment that never said how it ended', () => {
    const state = foldEnvironment(
      events(
        ...first,
        intent('1.1', 'd2', '1.0'),
        rollbackIntent('1.1', 'd2', '1.0'),
        rollbackOutcome('1.1', 'd2', '1.0', 'rolledBack'),
      ),
    );
    expect(state).toMatchObject({ current: { version: '1.0' }, unfinished: null, lastVerified: { version: '1.0' } });
    expect(state.bad.has('1.1')).toBe(true);
  });

  it('keeps what served when a deployment says that it rolled itself back', () => {
    const state = foldEnvironment(events(...first, intent('1.1', 'd2', '1.0'), outcome('1.1', 'd2', 'rolledBack')));
    expect(state).toMatchObject({ current: { version: '1.0', health: 'healthy' }, unfinished: null });
    expect(state.bad.get('1.1')).toBe('rolledBack');
  });

  it.each(['mixed', 'unknown'] as const)('is in doubt after a deployment that ended %s, until one is done', (kind) => {
    const doubtful = [...first, intent('1.1', 'd2', '1.0'), outcome('1.1', 'd2', kind)];
    expect(foldEnvironment(events(...doubtful))).toMatchObject({
      doubt: { deployment: 'd2' },
      current: { version: '1.0', health: 'unknown' },
    });
    const mended = foldEnvironment(events(...doubtful, intent('1.1', 'd3', '1.0'), outcome('1.1', 'd3')));
    expect(mended).toMatchObject({ doubt: null, current: { version: '1.1' } });
  });

  it('changes nothing when a deployment failed before it changed anything', () => {
    const before = foldEnvironment(events(...first));
    const after = foldEnvironment(events(...first, intent('1.1', 'd2', '1.0'), outcome('1.1', 'd2', 'failed')));
    expect(after.current).toEqual(before.current);
    expect(after.doubt).toBeNull();
    expect(after.bad.size).toBe(0);
  });

  it('does not roll back to what turned bad later, unless it was verified again', () => {
    const turned = [
      ...first,
      intent('1.1', 'd2'),
      outcome('1.1', 'd2'),
      verify('1.1', 'd2', 'healthy'),
      verify('1.1', 'd2', 'unhealthy'),
    ];
    expect(foldEnvironment(events(...turned)).lastVerified?.version).toBe('1.0');
    const again = foldEnvironment(events(...turned, verify('1.1', 'd2', 'healthy')));
    expect(again.lastVerified?.version).toBe('1.1');
    expect(again.bad.size).toBe(0);
  });

  it('never throws and never has verified what was not seen healthy, whatever the order of events', () => {
    const versions = fc.constantFrom('1.0', '1.1', '1.2');
    const ids = fc.constantFrom('d1', 'd2', 'd3');
    const kinds = fc.constantFrom<OutcomeKind>(
      'done',
      'alreadyDone',
      'failed',
      'rolledBack',
      'mixed',
      'unknown',
      'refused',
    );
    const any = fc.oneof(
      fc.tuple(versions, ids, fc.option(versions)).map(([v, d, a]) => intent(v, d, a)),
      fc.tuple(versions, ids, kinds).map(([v, d, k]) => outcome(v, d, k)),
      fc
        .tuple(versions, ids, fc.constantFrom<Health>('healthy', 'unhealthy', 'unknown'))
        .map(([v, d, h]) => verify(v, d, h)),
      fc.tuple(versions, ids, versions).map(([v, d, t]) => rollbackIntent(v, d, t)),
      fc.tuple(versions, ids, versions, kinds).map(([v, d, t, k]) => rollbackOutcome(v, d, t, k)),
    );
    fc.assert(
      fc.property(fc.array(any, { maxLength: 30 }), (bodies) => {
        const state = foldEnvironment(events(...bodies));
        const healthy = bodies.flatMap((body) =>
          body.kind === 'verify.outcome' && body.health === 'healthy' ? [body.version] : [],
        );
        for (const { version } of state.verified) expect(healthy).toContain(version);
        if (state.lastVerified) expect(state.verified).toContainEqual(state.lastVerified);
        if (state.current) expect(bodies.some((body) => body.kind.endsWith('.outcome'))).toBe(true);
        expect(state.history).toHaveLength(bodies.filter((body) => body.kind.endsWith('.intent')).length);
      }),
    );
  });

  describe('snapshots and schema', () => {
    const snapshot = (...migrations: string[]) => ({
      description: 'd',
      configuration: { 'prod.env': 'c' },
      migrations,
    });
    const begun = (version: string, deployment: string, ...migrations: string[]): LedgerEventBody => ({
      ...(intent(version, deployment) as Extract<LedgerEventBody, { kind: 'deploy.intent' }>),
      snapshot: snapshot(...migrations),
    });
    const moved = (
      kind: 'step.intent' | 'step.outcome',
      step: 'migrate' | 'reverse',
      deployment: string,
      before: string[],
      after: string[] | null,
    ): LedgerEventBody => {
      const body = { version: '1.1', deployment, step, detail: step, migration: { before, after, image: 'i' } };
      return kind === 'step.intent' ? { kind, ...body } : { kind, ...body, outcome: 'done' };
    };
    const back = { ...rollbackIntent('1.1', 'd2', '1.0'), snapshotOf: 'd1' } as LedgerEventBody;

    it('knows by which snapshot each release was put in place, also after a rollback to it', () => {
      const story = [begun('1.0', 'd1'), outcome('1.0', 'd1'), verify('1.0', 'd1', 'healthy'), begun('1.1', 'd2')];
      const state = foldEnvironment(
        events(
          ...story,
          outcome('1.1', 'd2'),
          back,
          rollbackOutcome('1.1', 'd2', '1.0'),
          verify('1.0', 'd2', 'healthy'),
        ),
      );
      expect(state.current).toMatchObject({ version: '1.0', deployment: 'd2', snapshotOf: 'd1' });
      expect(state.verified.map(({ snapshotOf }) => snapshotOf)).toEqual(['d1', 'd1']);
      expect([...state.snapshots.keys()]).toEqual(['d1', 'd2']);
    });

    it('knows what is applied, and which image holds all of it', () => {
      const story = [begun('1.0', 'd1', 'a'), outcome('1.0', 'd1'), begun('1.1', 'd2', 'a')];
      const during = foldEnvironment(events(...story, moved('step.intent', 'migrate', 'd2', ['a'], null)));
      expect(during.schema).toEqual({ applied: null, newest: release('1.1') });
      const done = [...story, moved('step.outcome', 'migrate', 'd2', ['a'], ['a', 'b']), outcome('1.1', 'd2')];
      expect(foldEnvironment(events(...done)).schema).toEqual({ applied: ['a', 'b'], newest: release('1.1') });
      const gone = [...done, back, moved('step.outcome', 'reverse', 'd2', ['a', 'b'], ['a'])];
      const state = foldEnvironment(events(...gone));
      expect(state.schema).toEqual({ applied: ['a'], newest: release('1.1') });
      expect(state.history.map(({ steps }) => steps.map(({ step }) => step))).toEqual([[], ['migrate'], ['reverse']]);
    });

    it('tells a step that has no outcome', () => {
      const state = foldEnvironment(
        events(begun('1.1', 'd2', 'a'), moved('step.intent', 'migrate', 'd2', ['a'], null)),
      );
      expect(state.history[0]?.steps).toEqual([
        {
          step: 'migrate',
          outcome: null,
          detail: 'migrate',
          migration: { before: ['a'], after: null, image: 'i' },
          backup: null,
        },
      ]);
    });
  });
});
