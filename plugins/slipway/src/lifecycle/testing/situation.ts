import { parseConfig } from '../../config/load';
import type { SlipwayConfig } from '../../config/schema';
import { RELEASE_STREAM, type EventOf, type LedgerEventBody, type ServiceDigests } from '../../ledger/events';
import { foldBypasses } from '../../ledger/emergency-state';
import { foldEnvironment, foldRelease } from '../../ledger/state';
import { createMemoryLedger, type MemoryLedger } from '../../testing/memory-ledger';
import type { Situation, TreeState } from '../situation';

/** Commits of the story: planned on, bumped, and another one after it. */
export const PLANNED = 'a'.repeat(40);
export const BUMPED = 'b'.repeat(40);
export const LATER = 'c'.repeat(40);
export const DIGESTS: ServiceDigests = { api: `sha256:${'1'.repeat(64)}`, web: `sha256:${'2'.repeat(64)}` };

const image = (name: string) => ({
  dockerfile: `${name}/Dockerfile`,
  context: [name],
  repository: `desk/${name}`,
  variable: `${name.toUpperCase()}_IMAGE`,
});

/** Two environments: `staging`, and `prod` that asks for all there is to ask for. */
export function deskConfig(change: { readonly staging?: object; readonly environments?: object } = {}): SlipwayConfig {
  return parseConfig(
    JSON.stringify({
      images: { api: image('api'), web: image('web') },
      environments: change.environments ?? {
        staging: { compose: 'staging.yml', project: 'desk-staging', ...change.staging },
        prod: {
          compose: 'prod.yml',
          project: 'desk-prod',
          requires: { verifiedIn: 'staging', tag: true, approvals: ['release-manager'] },
        },
      },
    }),
  );
}

/** The events of a release, each as the step writes it. */
export const events = {
  planned: (version = '1.1.0', commit = PLANNED): EventOf<'planned'> => ({
    kind: 'planned',
    version,
    type: 'minor',
    tag: `v${version}`,
    branch: `release/v${version}`,
    commit,
    previous: '1.0.0',
    projects: ['api', 'web'],
  }),
  bumped: (version = '1.1.0', from = PLANNED, commit = BUMPED): LedgerEventBody => ({
    kind: 'bump.outcome',
    version,
    outcome: 'done',
    from,
    commit,
    reason: '',
  }),
  checked: (version = '1.1.0', commit = BUMPED, reasons: readonly string[] = [], gated = PLANNED): LedgerEventBody => ({
    kind: 'check',
    version,
    passed: reasons.length === 0,
    gated,
    commit,
    members: [],
    reasons,
    images: DIGESTS,
  }),
  images: (version = '1.1.0', commit = BUMPED, services = DIGESTS): LedgerEventBody => ({
    kind: 'images',
    version,
    commit,
    services,
    contexts: {},
    built: [],
  }),
  approved: (commit = BUMPED, role = 'release-manager', version = '1.1.0'): LedgerEventBody => ({
    kind: 'approval',
    version,
    role,
    commit,
    note: '',
  }),
  tagged: (version = '1.1.0', commit = BUMPED): LedgerEventBody => ({
    kind: 'tag.outcome',
    version,
    outcome: 'done',
    tag: `v${version}`,
    commit,
    reason: '',
  }),
  abandoned: (version = '1.1.0', reason = 'superseded'): LedgerEventBody => ({ kind: 'abandoned', version, reason }),
};

export interface Deployed {
  readonly version?: string;
  readonly commit?: string;
  readonly services?: ServiceDigests;
  readonly deployment?: string;
}

/** A deployment from intent to outcome, and its verification where `health` is given. */
export function deployed(
  health: 'healthy' | 'unhealthy' | null,
  { version = '1.1.0', commit = BUMPED, services = DIGESTS, deployment = 'first' }: Deployed = {},
): readonly LedgerEventBody[] {
  const moved: LedgerEventBody[] = [
    { kind: 'deploy.intent', version, deployment, commit, services, configHash: 'h', anchor: null },
    { kind: 'deploy.outcome', version, deployment, outcome: 'done', services, reason: '' },
  ];
  if (health === null) return moved;
  const reason = health === 'healthy' ? '' : 'it answered 500';
  return [...moved, { kind: 'verify.outcome', version, deployment, health, services, measurements: [], reason }];
}

export interface Story {
  readonly release?: readonly LedgerEventBody[];
  readonly staging?: readonly LedgerEventBody[];
  readonly prod?: readonly LedgerEventBody[];
  readonly tree?: Partial<TreeState>;
  readonly forwardPorts?: Situation['forwardPorts'];
  readonly backups?: Situation['backups'];
  readonly now?: Date;
}

/** What the ledger of such a story adds up to. */
export async function situationOf({
  release = [],
  staging = [],
  prod = [],
  tree = {},
  forwardPorts = [],
  backups = new Map(),
  now = new Date(),
}: Story): Promise<Situation> {
  const ledger: MemoryLedger = createMemoryLedger();
  await ledger.given(RELEASE_STREAM, ...release);
  await ledger.given('staging', ...staging);
  await ledger.given('prod', ...prod);
  return {
    tree: { head: BUMPED, branch: 'release/v1.1.0', dirty: [], ...tree },
    release: foldRelease(await ledger.read(RELEASE_STREAM)),
    environments: new Map([
      ['staging', foldEnvironment(await ledger.read('staging'))],
      ['prod', foldEnvironment(await ledger.read('prod'))],
    ]),
    bypasses: new Map([
      ['staging', foldBypasses(await ledger.read('staging'))],
      ['prod', foldBypasses(await ledger.read('prod'))],
    ]),
    forwardPorts,
    backups,
    now,
  };
}

/** A release that passed its check and has its images. */
export const READY = [events.planned(), events.bumped(), events.images(), events.checked()];
