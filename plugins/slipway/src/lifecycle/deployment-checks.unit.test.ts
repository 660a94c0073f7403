import type { BackupEvidence } from '../gates/backup';
import type { LedgerEventBody } from '../ledger/events';
import { createMemoryLedger } from '../testing/memory-ledger';
import { recordedBackup } from './backup-evidence';
import { latestHealth } from './deployment-checks';
import { PRECONDITIONS, type PreconditionId } from './preconditions';
import { STEPS } from './steps';
import { deployed, deskConfig, DIGESTS, PLANNED, READY, situationOf, type Story } from './testing/situation';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const requires = { verifiedIn: 'staging', rehearsed: '30d', backup: { report: '/var/backups/desk.json' } };
const config = deskConfig({
  environments: {
    staging: { compose: 's.yml', project: 's' },
    prod: { compose: 'p.yml', project: 'p', requires },
  },
});

async function look(id: PreconditionId, story: Story, environment: string | null = 'prod') {
  // The ledger of tests begins its count of time at zero.
  const situation = await situationOf({ release: READY, now: new Date(HOUR), ...story });
  return PRECONDITIONS[id]({ context: { owner: 'platform', config }, situation, environment });
}

const OLD = { version: '1.0.0', commit: PLANNED, services: { api: 'sha256:8', web: 'sha256:9' } };

/** The release was deployed and verified, then rolled back to the one before it. */
function rehearsal(outcome: 'done' | 'failed', health: 'healthy' | 'unhealthy' = 'healthy'): LedgerEventBody[] {
  const common = { version: OLD.version, deployment: 'back', services: OLD.services, reason: '' };
  return [
    ...deployed('healthy', { ...OLD, deployment: 'before' }),
    ...deployed('healthy'),
    { kind: 'rollback.intent', ...common, to: OLD, automatic: false, reason: 'rehearsed' },
    { kind: 'rollback.outcome', ...common, outcome, to: OLD.version },
    { kind: 'verify.outcome', ...common, health, measurements: [] },
  ];
}

describe('rehearsed', () => {
  it('holds where a rollback from these very digests was done, and where none is asked for', async () => {
    expect(await look('rehearsed', { staging: rehearsal('done') })).toBeNull();
    expect(await look('rehearsed', {}, 'staging')).toBeNull();
    expect(await look('rehearsed', {}, null)).toBeNull();
  });

  it('holds also once the release is back', async () => {
    const staging = [...rehearsal('done'), ...deployed('healthy', { deployment: 'again' })];
    expect(await look('rehearsed', { staging })).toBeNull();
    expect(await look('promoted', { staging })).toBeNull();
  });

  it.each<[string, Story, string]>([
    ['none was made', { staging: deployed('healthy') }, 'no rollback from these images was rehearsed in staging'],
    ['it failed', { staging: rehearsal('failed') }, 'was not done'],
    [
      'it brought back something broken',
      { staging: rehearsal('done', 'unhealthy') },
      'brought back something unhealthy',
    ],
    ['it is too long ago', { staging: rehearsal('done'), now: new Date(40 * DAY) }, 'at most 30 days'],
    ['there is no release', { release: [], staging: rehearsal('done') }, 'no images are known'],
  ])('waits when %s', async (_what, story, reason) => {
    const found = await look('rehearsed', story);
    expect(found?.reason).toContain(reason);
    expect(found?.waitingFor).toEqual({
      on: `a rehearsed rollback from this release in staging (${found?.reason ?? ''})`,
      run: 'npx nx release-rollback platform --env=staging && npx nx release-deploy platform --env=staging --retry && npx nx run platform:release-verify--staging',
    });
  });

  it('takes no rollback of other digests', async () => {
    const other = { ...DIGESTS, web: 'sha256:7' };
    const staging = rehearsal('done').map((event) =>
      'deployment' in event && event.deployment === 'first' ? { ...event, services: other } : event,
    );
    expect((await look('rehearsed', { staging }))?.reason).toBe(
      'no rollback from these images was rehearsed in staging',
    );
  });
});

describe('the latest health of an environment', () => {
  const seen = (health: 'healthy' | 'unhealthy', version: string): LedgerEventBody => ({
    kind: 'verify.outcome',
    version,
    deployment: 'd',
    health,
    services: DIGESTS,
    measurements: [{ probe: 'api', health, seen: health === 'healthy' ? '200' : '500', attempts: 1 }],
    reason: '',
  });

  it.each<[string, LedgerEventBody[], unknown]>([
    ['nothing', [...deployed(null)], null],
    [
      'the last one',
      [seen('unhealthy', '1.1.0'), seen('healthy', '1.0.0')],
      { version: '1.0.0', check: { verdict: 'pass' } },
    ],
    ['a failure', [seen('unhealthy', '1.1.0')], { version: '1.1.0', check: { verdict: 'fail', reason: 'api: 500' } }],
    ['no probes', [...deployed('healthy')], { version: '1.1.0', check: { verdict: 'inconclusive' } }],
  ])('is that of %s', async (_what, bodies, expected) => {
    const ledger = createMemoryLedger();
    await ledger.given('prod', ...bodies);
    const health = latestHealth(await ledger.read('prod'));
    if (expected === null) expect(health).toBeNull();
    else expect(health).toMatchObject(expected as object);
  });
});

describe('backedUp', () => {
  const now = new Date('2026-11-22T12:00:00Z');
  const sha256 = 'a'.repeat(64);
  const takenAt = '2026-11-22T03:00:00.000Z';
  const restore = { sha256, restoredAt: '2026-11-22T04:00:00.000Z', restored: true };
  const report = { environment: 'prod', takenAt, sha256, bytes: 1, tool: 'pg_dump', toolVersion: null, restore };
  const story = (evidence: BackupEvidence, at = now): Story => ({ backups: new Map([['prod', evidence]]), now: at });

  it('holds with a recent backup that was restored, and where none is asked for', async () => {
    expect(await look('backedUp', story({ report }))).toBeNull();
    expect(await look('backedUp', {}, 'staging')).toBeNull();
  });

  it.each<[string, Story, string]>([
    ['nobody looked', {}, 'nobody looked for /var/backups/desk.json'],
    ['its report is broken', story({ problem: 'it breaks off' }), 'it breaks off'],
    ['nobody restored it', story({ report: { ...report, restore: null } }), 'nobody tried to restore it'],
    ['it is old', story({ report }, new Date(now.getTime() + DAY)), 'at most 24 h'],
  ])('waits when %s', async (_what, given, reason) => {
    const found = await look('backedUp', given);
    expect(found?.reason).toContain(reason);
    expect(found?.waitingFor?.run).toContain('/var/backups/desk.json');
  });
});

describe('backedUp by the ledger', () => {
  const now = new Date('2026-11-22T12:00:00Z');
  const taken = (proven: boolean | null, hour = 3, outcome: 'done' | 'failed' = 'done'): LedgerEventBody => ({
    kind: 'step.outcome',
    version: '1.0.0',
    deployment: 'before',
    step: 'backup',
    outcome,
    detail: '',
    backup: { id: `b${hour}`, sha256: 'a'.repeat(64), bytes: 1, takenAt: `2026-11-22T0${hour}:00:00.000Z`, proven },
  });
  const evidence = async (...bodies: readonly LedgerEventBody[]) => {
    const ledger = createMemoryLedger();
    await ledger.given('prod', ...bodies);
    return recordedBackup('prod', await ledger.read('prod'));
  };
  const environment = (database: object) =>
    deskConfig({
      environments: {
        prod: { compose: 'p.yml', project: 'p', database, requires: { backup: { maxAge: '10h' } } },
      },
    });
  const backup = { preset: 'postgres', service: 'db' };
  const told = async (bodies: readonly LedgerEventBody[], database: object = { backup }, at = now) => {
    const backups = new Map([['prod', await evidence(...bodies)]]);
    const situation = await situationOf({ release: READY, prod: deployed('healthy'), backups, now: at });
    const context = { owner: 'platform', config: environment(database) };
    return PRECONDITIONS.backedUp({ context, situation, environment: 'prod' })?.reason ?? null;
  };

  it('is the newest that was restored, whatever came after it', async () => {
    const found = await evidence(taken(true, 2), taken(true, 3), taken(null, 4), taken(true, 5, 'failed'));
    expect(found).toMatchObject({ report: { takenAt: '2026-11-22T03:00:00.000Z', restore: { restored: true } } });
    expect(await told([taken(true)])).toBeNull();
  });

  it.each<[string, readonly LedgerEventBody[], string]>([
    ['there is none', [], 'the ledger tells of no backup of prod'],
    [
      'none was restored',
      [taken(null)],
      'the ledger tells of backups of prod, but none of them was restored as a proof',
    ],
    ['none could be restored', [taken(false)], 'none of them was restored'],
    ['it failed', [taken(true, 3, 'failed')], 'the ledger tells of no backup of prod'],
    ['it is too old', [taken(true, 1)], 'at most 10 h are asked for'],
  ])('is missing when %s', async (_what, bodies, reason) => expect(await told(bodies)).toContain(reason));

  it('is not asked for where the deployment begins with one, or nothing serves yet', async () => {
    expect(await told([], { backup, when: 'always' })).toBeNull();
    expect(await told([], { backup: { ...backup, prove: false }, when: 'always' })).not.toBeNull();
    const commands = { preset: 'commands', service: 'db', dump: ['dump'], restore: ['restore'] };
    expect(await told([], { backup: commands, when: 'always' })).not.toBeNull();
    expect(await told([], { backup: { ...commands, prove: ['prove'] }, when: 'always' })).toBeNull();
    const situation = await situationOf({ release: READY, backups: new Map([['prod', await evidence()]]), now });
    const context = { owner: 'platform', config: environment({ backup }) };
    expect(PRECONDITIONS.backedUp({ context, situation, environment: 'prod' })).toBeNull();
  });

  it('is refused by the configuration where nothing takes any', () => {
    expect(() => environment({})).toThrow('requires.backup: nothing takes a backup that could be shown');
  });
});

it('stands before a deployment, and never before a rollback', () => {
  expect(STEPS.deploy.preconditions).toEqual(expect.arrayContaining(['rehearsed', 'backedUp']));
  expect(STEPS.rollback.preconditions).toEqual(['environmentKnown']);
});

it('a rehearsal needs a place: verifiedIn', () => {
  const environments = { prod: { compose: 'p.yml', project: 'p', requires: { rehearsed: '30d' } } };
  expect(() => deskConfig({ environments })).toThrow('nothing says where a rollback is rehearsed');
});
