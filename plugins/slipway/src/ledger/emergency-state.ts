import type { EventOf, StoredEvent } from './events';
import type { OutcomeKind } from './outcome';

/** What one person asked for. */
export interface BypassRequest {
  /** `Name <email>`. */
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly reason: string;
}

/** Something that has to be made up for after a bypass. */
export interface Debt {
  readonly bypass: string;
  readonly version: string;
  /** Unique within its bypass, e.g. `tagged`. */
  readonly id: string;
  readonly what: string;
  /** ISO 8601, UTC. */
  readonly due: string;
  /** Null while it is open. */
  readonly settled: { readonly by: string; readonly at: string; readonly note: string } | null;
}

/** A way around preconditions that was asked for, for one commit in one environment. */
export interface Bypass {
  readonly id: string;
  readonly version: string;
  readonly commit: string;
  /** Those that asked in time, oldest first, one person maybe more than once. */
  readonly requests: readonly BypassRequest[];
  readonly preconditions: readonly string[];
  /** ISO 8601, UTC. */
  readonly validUntil: string;
  /** Deployments that it served, oldest first; the outcome is null while there is none. */
  readonly deployments: readonly { readonly deployment: string; readonly outcome: OutcomeKind | null }[];
  /** Empty until it is used. */
  readonly debts: readonly Debt[];
}

type Draft = { -readonly [K in keyof Bypass]: Bypass[K] extends readonly (infer A)[] ? A[] : Bypass[K] };

/** Every bypass that an environment's stream tells of, oldest first. What the first request says holds for all that join it. */
export function foldBypasses(events: readonly StoredEvent[]): readonly Bypass[] {
  const found = new Map<string, Draft>();
  for (const { body, by, at } of events) {
    switch (body.kind) {
      case 'bypass.requested':
        request(found, body, { by, at, reason: body.reason });
        break;
      case 'deploy.intent':
        if (body.bypass !== undefined)
          found.get(body.bypass)?.deployments.push({ deployment: body.deployment, outcome: null });
        break;
      case 'deploy.outcome':
        for (const bypass of found.values())
          bypass.deployments = bypass.deployments.map((past) =>
            past.deployment === body.deployment ? { ...past, outcome: body.outcome } : past,
          );
        break;
      case 'debt.opened':
        open(found.get(body.bypass), body);
        break;
      case 'debt.settled': {
        const bypass = found.get(body.bypass);
        if (bypass === undefined) break;
        const settled = { by, at, note: body.note };
        bypass.debts = bypass.debts.map((debt) =>
          debt.id === body.id && debt.settled === null ? { ...debt, settled } : debt,
        );
        break;
      }
      default:
        break;
    }
  }
  return [...found.values()];
}

function request(found: Map<string, Draft>, body: EventOf<'bypass.requested'>, asked: BypassRequest): void {
  const standing = found.get(body.bypass);
  if (standing === undefined) {
    const { bypass: id, version, commit, preconditions, validUntil } = body;
    const rest = { requests: [asked], preconditions: [...preconditions], deployments: [], debts: [] };
    found.set(id, { id, version, commit, validUntil, ...rest });
  } else if (standing.commit === body.commit && Date.parse(asked.at) <= Date.parse(standing.validUntil)) {
    standing.requests.push(asked);
  }
}

function open(bypass: Draft | undefined, { bypass: id, version, debts, due }: EventOf<'debt.opened'>): void {
  if (bypass === undefined) return;
  for (const debt of debts)
    if (!bypass.debts.some((past) => past.id === debt.id))
      bypass.debts.push({ bypass: id, version, ...debt, due, settled: null });
}
