import type { SlipwayConfig } from '../config/schema';
import type { EventOf } from '../ledger/events';

/**
 * Why a dossier that passed can no longer be relied on: a report or a waiver that it rests on has run out since. Null while it can.
 */
export function expired({ members, waivers = [] }: EventOf<'check'>, now: Date): string | null {
  const at = now.getTime();
  for (const { reports = [] } of members) {
    const old = reports.find(({ validUntil }) => validUntil !== null && Date.parse(validUntil) < at);
    if (old !== undefined) return `${old.path} could be relied on until ${old.validUntil}`;
  }
  const today = now.toISOString().slice(0, 10);
  const gone = waivers.find(({ expiry }) => expiry < today);
  return gone === undefined ? null : `the waiver of ${gone.fingerprint} expired on ${gone.expiry}`;
}

/** Members whose verdicts may have come out of a cache that others can write. */
export function cachedMembers({ members }: EventOf<'check'>): readonly string[] {
  return members.filter(({ made }) => made !== 'here').map(({ project }) => project);
}

/** Why the check is worth another run: it ran out, or an environment trusts no cache and it rests on one. Null where it stands. */
export function outdated(
  { environments }: Pick<SlipwayConfig, 'environments'>,
  dossier: EventOf<'check'>,
  now: Date,
): string | null {
  const gone = expired(dossier, now);
  if (gone !== null) return gone;
  const strict = Object.values(environments).some(({ trustRemoteCache }) => !trustRemoteCache);
  const cached = strict ? cachedMembers(dossier) : [];
  return cached.length > 0 ? `the verdicts of ${cached.join(', ')} may have come out of a cache` : null;
}
