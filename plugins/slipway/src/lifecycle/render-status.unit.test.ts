import type { PolicyStatus } from './policy-status';
import { ago, renderStatus } from './render-status';
import type { EnvironmentStatus, Status } from './steps/status';

const now = new Date('2026-01-02T12:00:00Z');
const UNRULED: PolicyStatus = { freeze: null, nextFreeze: null, affected: null, bypasses: [], debts: [] };
const environment = (change: Partial<EnvironmentStatus> = {}): EnvironmentStatus => ({
  environment: 'staging',
  version: '1.1.0',
  commit: 'b'.repeat(40),
  services: { api: `sha256:${'1'.repeat(64)}`, web: `sha256:${'2'.repeat(64)}` },
  health: 'healthy',
  since: '2026-01-02T11:57:00Z',
  by: 'Dana Developer <dana@example.org>',
  url: null,
  trouble: null,
  lastFailure: null,
  lock: null,
  blockedBy: [],
  policy: UNRULED,
  ...change,
});
const nothing = { version: null, commit: null, services: {}, health: null, since: null, by: null };
const status = (change: Partial<Status> = {}): Status => ({
  release: {
    version: '1.1.0',
    commit: 'b'.repeat(40),
    distTag: 'latest',
    steps: [
      { target: 'release-deploy--staging', done: true },
      { target: 'release-tag', done: false },
    ],
    signOffs: [],
  },
  open: [{ version: '1.1.0', type: 'minor', branch: 'release/v1.1.0', tagged: false }],
  forwardPorts: [],
  environments: [environment(), environment({ environment: 'prod', ...nothing })],
  next: {
    target: 'release-tag',
    command: 'npx nx run platform:release-tag',
    blockedBy: [{ reason: 'staging has not verified it', remedy: 'npx nx run platform:release-verify--staging' }],
  },
  ...change,
});
const render = (change: Partial<Status> = {}, color = false) => renderStatus(status(change), { now, color });

it('reads as a table, the way of the release, and what comes next', () => {
  expect(render()).toEqual([
    'Environment  Version  Health   Images                     Since      By',
    'staging      1.1.0    healthy  api@11111111 web@22222222  3 min ago  Dana Developer',
    'prod         -        -        -                          -          -',
    '',
    'Release 1.1.0 at bbbbbbbb: deploy--staging → (tag)',
    'Next: npx nx run platform:release-tag',
    '  blocked: staging has not verified it',
    '  mend it: npx nx run platform:release-verify--staging',
  ]);
});

it('says what is wrong with an environment, and who holds it', () => {
  const lock = {
    environment: 'staging',
    holder: 'Robin <robin@example.org>',
    host: 'h',
    pid: 1,
    reason: 'deploy 1.2.0',
    since: '2026-01-02T11:59:00Z',
    expires: '',
  };
  const lines = render({
    environments: [
      environment({
        url: 'http://127.0.0.1/',
        trouble: 'the deployment of 1.2.0 did not finish',
        lastFailure: 'it answered 500',
        lock,
      }),
    ],
  });
  expect(lines.slice(2, 6)).toEqual([
    '  staging is at http://127.0.0.1/',
    '  staging: the deployment of 1.2.0 did not finish',
    '  staging was rolled back or failed last with: it answered 500',
    '  staging is locked by Robin <robin@example.org> since 2026-01-02T11:59:00Z for deploy 1.2.0',
  ]);
});

it('tells of no environment and no release, and how to begin', () => {
  const next = { target: 'release-plan', command: 'npx nx run platform:release-plan', blockedBy: [] };
  expect(render({ environments: [], release: null, open: [], next })).toEqual([
    'No environment is configured.',
    '',
    'No release is under way.',
    'Next: npx nx run platform:release-plan',
  ]);
});

it('asks for nothing more once the release has arrived', () => {
  expect(render({ next: null }).at(-1)).toMatch(/^Release 1\.1\.0/);
});

it('lets nothing that others wrote steer the terminal, on any line', () => {
  const evil = 'a\u001b[2Jb\nc\u202e';
  const lines = render({
    release: { version: evil, commit: evil, distTag: evil, steps: [], signOffs: [] },
    open: [{ version: 'x', type: evil, branch: evil, tagged: false }],
    forwardPorts: [{ version: evil, missing: [evil], branch: evil, command: evil }],
    environments: [
      environment({
        version: evil,
        by: evil,
        url: evil,
        trouble: evil,
        lastFailure: evil,
        services: { [evil]: evil },
        lock: { environment: evil, holder: evil, host: evil, pid: 1, reason: evil, since: evil, expires: evil },
      }),
    ],
    next: { target: 'x', command: 'npx nx x', blockedBy: [{ reason: evil, remedy: evil }] },
  });
  expect(lines.join('\n')).toContain('\\x1b');
  for (const line of lines) expect(line).not.toMatch(/[\u0000-\u001f\u202e]/);
});

it('colours health only where colours are wanted', () => {
  expect(render({}, true).join('\n')).toContain('\u001b[');
  expect(render().join('\n')).not.toContain('\u001b[');
});

it.each([
  [-5, '0 s ago'],
  [0, '0 s ago'],
  [59, '59 s ago'],
  [60, '1 min ago'],
  [3599, '59 min ago'],
  [3600, '1 h ago'],
  [48 * 3600 - 1, '47 h ago'],
  [48 * 3600, '2 days ago'],
])('%d seconds are %s', (seconds, said) => {
  expect(ago(new Date(now.getTime() - seconds * 1000).toISOString(), now)).toBe(said);
});

it('says what else is open, what main lacks of a hotfix, and the channel of a pre-release', () => {
  const lines = render({
    release: { version: '1.2.0-rc.1', commit: 'b'.repeat(40), distTag: 'rc', steps: [], signOffs: [] },
    open: [
      { version: '1.2.0-rc.1', type: 'minor', branch: 'release/v1.2.0-rc.1', tagged: false },
      { version: '1.1.1', type: 'hotfix', branch: 'release/v1.1.1', tagged: false },
      { version: '1.1.0', type: 'minor', branch: 'release/v1.1.0', tagged: true },
    ],
    forwardPorts: [{ version: '1.0.1', missing: ['f'.repeat(40)], branch: 'main', command: 'git switch main && …' }],
  });
  expect(lines.slice(4, 8)).toEqual([
    'Release 1.2.0-rc.1 (rc) at bbbbbbbb: ',
    'Also open: hotfix 1.1.1 on release/v1.1.1',
    'Forward-port of hotfix 1.0.1 is open: main lacks a commit',
    '  mend it: git switch main && …',
  ]);
});

it('says what an environment allows now, what it would get, and what it owes', () => {
  const weekend = { reason: 'weekend', timeZone: 'Europe/Berlin' };
  const freeze = {
    ...weekend,
    from: '2026-01-02T11:00:00.000Z',
    to: '2026-01-05T07:00:00.000Z',
    until: '2026-01-05T07:00:00.000Z',
  };
  const policy: PolicyStatus = {
    freeze,
    nextFreeze: { ...weekend, from: '2026-01-09T11:00:00.000Z', to: '2026-01-12T07:00:00.000Z' },
    affected: {
      since: '1.0.0',
      services: [
        { service: 'api', changed: true, commits: 3 },
        { service: 'web', changed: false, commits: 0 },
      ],
      projects: [],
      description: false,
    },
    bypasses: [{ id: 'b', standing: 'waiting', told: 'Bypass b waits for one more person' }],
    debts: [
      { name: 'b/tagged', what: 'tag it', due: '2026-01-01T12:00:00.000Z', overdue: true, settle: 'settle it' },
      {
        name: 'b/post-mortem',
        what: 'write it',
        due: '2026-01-09T12:00:00.000Z',
        overdue: false,
        settle: 'settle that',
      },
    ],
  };
  expect(render({ environments: [environment({ environment: 'prod', policy })] }).slice(2, 9)).toEqual([
    '  prod is frozen: "weekend" until Mon 2026-01-05 08:00 Europe/Berlin (2026-01-05 07:00 UTC)',
    '  prod will be frozen: "weekend" from Fri 2026-01-09 12:00 Europe/Berlin (2026-01-09 11:00 UTC) until Mon 2026-01-12 08:00 Europe/Berlin (2026-01-12 07:00 UTC)',
    '  prod affected: since 1.0.0: api (3 commits), web unchanged',
    '  Bypass b waits for one more person',
    '  prod owes b/tagged, OVERDUE since 2026-01-01 12:00 UTC: tag it (settle it)',
    '  prod owes b/post-mortem, due 2026-01-09 12:00 UTC: write it (settle that)',
    '',
  ]);
});

it('shows who signed off, and who did so in several roles', () => {
  const signOffs = [
    { by: 'Dana <dana@example.org>', roles: ['reviewer', 'release-manager'] },
    { by: 'Robin <robin@example.org>', roles: ['acceptance'] },
  ];
  const release = { version: '1.1.0', commit: 'b'.repeat(40), distTag: 'latest', steps: [], signOffs };
  expect(render({ release })).toContain(
    'Signed off by Dana (reviewer and release-manager: one person in 2 roles), Robin (acceptance)',
  );
});
