import type { EventOf, LedgerEventBody, StoredEvent } from '../../ledger/events';
import { foldBypasses } from '../../ledger/emergency-state';
import { foldEnvironment } from '../../ledger/state';
import type { Situation } from '../situation';
import { BUMPED, DIGESTS, situationOf, type Story } from './situation';

export const DANA = 'Dana <dana@example.org>';
export const ROBIN = 'Robin <robin@example.org>';
/** When the first person asks, and until when that may be used. */
export const ASKED = '2026-11-23T02:00:00.000Z';
export const UNTIL = '2026-11-23T06:00:00.000Z';

/** An event of prod's stream: who wrote it, and what. Each is written a minute after the one before. */
export type Written = readonly [by: string, body: LedgerEventBody];

export function asked(change: Partial<EventOf<'bypass.requested'>> = {}): EventOf<'bypass.requested'> {
  return {
    kind: 'bypass.requested',
    version: '1.1.0',
    bypass: 'prod-1.1.0-abc',
    commit: BUMPED,
    reason: 'nobody can log in',
    preconditions: ['tagged', 'approved'],
    validUntil: UNTIL,
    ...change,
  };
}

export function opened(...ids: readonly string[]): EventOf<'debt.opened'> {
  return {
    kind: 'debt.opened',
    version: '1.1.0',
    bypass: 'prod-1.1.0-abc',
    debts: ids.map((id) => ({ id, what: `mend ${id}` })),
    due: '2026-11-30T02:00:00.000Z',
  };
}

/** A deployment by that bypass: from its intent on, to its outcome where one is given. */
export function deployedBy(outcome: 'done' | 'failed' | null, deployment = 'first'): readonly Written[] {
  const version = '1.1.0';
  const intent: LedgerEventBody = {
    kind: 'deploy.intent',
    version,
    deployment,
    commit: BUMPED,
    services: DIGESTS,
    configHash: 'h',
    anchor: null,
    bypass: 'prod-1.1.0-abc',
  };
  if (outcome === null) return [[DANA, intent]];
  const reason = outcome === 'done' ? '' : 'the disk is full';
  return [
    [DANA, intent],
    [DANA, { kind: 'deploy.outcome', version, deployment, outcome, services: DIGESTS, reason }],
  ];
}

/** A story in which several people wrote what prod's stream holds. */
export async function emergencyOf(written: readonly Written[], story: Story = {}): Promise<Situation> {
  const events = written.map(([by, body], index): StoredEvent => {
    const at = new Date(Date.parse(ASKED) + index * 60_000).toISOString();
    return { v: 1, id: `prod-${index}`, at, by, commit: String(index).padStart(40, '0'), body };
  });
  const situation = await situationOf({ now: new Date('2026-11-23T03:00:00Z'), ...story });
  return {
    ...situation,
    environments: new Map([...situation.environments, ['prod', foldEnvironment(events)]]),
    bypasses: new Map([...situation.bypasses, ['prod', foldBypasses(events)]]),
  };
}
