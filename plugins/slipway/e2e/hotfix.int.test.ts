import { randomBytes } from 'node:crypto';
import { removeAll } from './support/docker';
import { json } from './support/files';
import { runInNode } from './support/node-script';
import { createWorkspace, type NxResult, type Workspace } from './support/workspace';

const IMAGES = `slipway-e2e-hotfix-${randomBytes(4).toString('hex')}`;
const CONFIGURATION = {
  release: { owner: 'api' },
  images: {
    web: {
      dockerfile: 'deploy/web',
      context: ['packages/web'],
      repository: `${IMAGES}/web`,
      variable: 'WEB_IMAGE',
      base: ['debian:bookworm-slim'],
    },
  },
  environments: { prod: { compose: 'deploy/prod.yml', project: 'acme-prod', requires: { tag: true } } },
};

/** What a deployment and its verification leave in the ledger; they themselves need an engine, and have tests of their own. */
const DEPLOYED = `
const { createWorld } = require('nx-slipway/dist/io/create-world');
const { openLedger } = require('nx-slipway/dist/ledger/open-ledger');
const [version, commit] = process.argv.slice(1);
const services = { web: 'sha256:' + '1'.repeat(64) };
const { world, dispose } = createWorld({ root: process.cwd() });
(async () => {
  const ledger = await openLedger(world, { remote: 'origin' });
  const deployment = version;
  for (const body of [
    { kind: 'deploy.intent', version, deployment, commit, services, configHash: 'h', anchor: null },
    { kind: 'deploy.outcome', version, deployment, outcome: 'done', services, reason: '' },
    { kind: 'verify.outcome', version, deployment, health: 'healthy', services, measurements: [], reason: '' },
  ]) await ledger.append('prod', body);
  dispose();
})();
`;

/** In order: each test goes on where the one before stopped. */
describe('a hotfix of what production runs, while main has gone on', () => {
  let workspace: Workspace;
  let main: string;
  let fixed: string;
  beforeAll(async () => {
    workspace = await createWorkspace('plain', {
      files: {
        'slipway.json': json(CONFIGURATION),
        'deploy/prod.yml': 'services: {}\n',
        'deploy/web': 'FROM debian:bookworm-slim\nCOPY packages/web /srv/\nUSER nobody\nHEALTHCHECK CMD ["true"]\n',
      },
    });
    await runInNode(workspace, DEPLOYED, '1.0.0', await workspace.git('rev-parse', 'v1.0.0^{commit}'));
    main = await workspace.change('feat(web): greet by name');
    await workspace.git('switch', '--quiet', '--create', 'hotfix/login', 'v1.0.0');
    fixed = await workspace.commit('security(web): check the password', { 'packages/web/login.js': '// checked\n' });
  });
  afterAll(async () => {
    await workspace.cleanUp();
    await removeAll(IMAGES, []);
  });

  const there = async (ref: string): Promise<string> =>
    (await workspace.git('ls-remote', 'origin', ref)).split('\t')[0] ?? '';
  /** To the check, and then to the tag. */
  const toTag = async (...args: string[]): Promise<NxResult> => {
    const checked = await workspace.step('run', 'api:release-check', ...args);
    expect([checked.code, checked.json?.sentence]).toEqual([0, expect.stringMatching(/^Done: .* passed its check/)]);
    return workspace.step('run', 'api:release-tag', '--excludeTaskDependencies', ...args);
  };

  it('would only say what it does in a dry run', async () => {
    const refs = await workspace.git('for-each-ref');
    const rehearsed = await workspace.step('run', 'api:release-check', '--type=hotfix', '--dryRun');
    expect([rehearsed.code, rehearsed.json?.outcome.kind]).toEqual([0, 'wouldDo']);
    expect(await workspace.git('for-each-ref')).toBe(refs);
  });

  it('goes from its branch to tag and release branch, and leaves main alone', async () => {
    const tagged = await toTag('--type=hotfix');
    expect(tagged.json?.sentence).toMatch(
      /^Done: v1\.0\.1 marks [0-9a-f]{8} here and on origin; main goes on from newer/,
    );
    expect(tagged.json?.sentence).toContain(`git switch main && git cherry-pick -x ${fixed.slice(0, 12)}`);
    expect(tagged.code).toBe(0);
    const head = await workspace.git('rev-parse', 'HEAD');
    expect(await there('refs/tags/v1.0.1^{}')).toBe(head);
    expect(await there('refs/heads/release/v1.0.1')).toBe(head);
    expect(await there('refs/heads/main')).toBe(main);
    expect((await workspace.ledger('release')).at(0)).toMatchObject({
      kind: 'planned',
      version: '1.0.1',
      type: 'hotfix',
      base: 'hotfix/login',
    });
    expect((await workspace.ledger('release')).filter(({ kind }) => kind === 'forwardport.opened')).toEqual([
      { kind: 'forwardport.opened', version: '1.0.1', commits: [fixed] },
    ]);
  });

  it('keeps main from being released without it', async () => {
    await workspace.git('switch', '--quiet', 'main');
    const status = await workspace.step('release-status', 'api');
    expect(status.output).toContain('Forward-port of hotfix 1.0.1 is open: main lacks a commit');
    expect(status.json?.data['forwardPorts']).toMatchObject([{ version: '1.0.1', missing: [fixed], branch: 'main' }]);
    const planned = await workspace.step('release-plan', 'api');
    expect([planned.code, planned.json?.outcome.kind]).toEqual([1, 'refused']);
  });

  it('is closed once main has it, and main goes on with its own version', async () => {
    await workspace.git('cherry-pick', '-x', fixed);
    await workspace.git('push', '--quiet', 'origin', 'main');
    const tagged = await toTag();
    expect(tagged.json?.sentence).toMatch(/^Done: v1\.1\.0 marks .* and main there holds it\.$/);
    const kinds = (await workspace.ledger('release')).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'forwardport.closed')).toHaveLength(1);
    expect(await workspace.read('packages/api/setup.py')).toContain("version='1.1.0'");
    const status = await workspace.step('release-status', 'api');
    expect(status.json?.data['forwardPorts']).toEqual([]);
  });
});
