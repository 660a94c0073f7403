import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { DeployedRelease } from '../ledger/events';
import type { Outcome } from '../ledger/outcome';
import { foldEnvironment } from '../ledger/state';
import {
  commands,
  createComposeFixture,
  ENVIRONMENT,
  openHands,
  quietProcess,
  type ComposeFixture,
  type Hands,
} from '../testing/compose-fixture';
import { verifyDeployment } from '../verify/verify-release';
import { deploy } from './deploy';

const testing = join(__dirname, '..', 'testing');

describe('deploy with Docker Compose', () => {
  let fixture: ComposeFixture;
  beforeEach(async () => {
    fixture = await createComposeFixture();
  });
  afterEach(() => fixture.cleanUp());

  const ship = (release: DeployedRelease, hands: Omit<Hands, 'dispose'> = fixture) =>
    deploy({ ...hands, environment: ENVIRONMENT, commands, release });
  const verifyIt = () =>
    verifyDeployment({ ...fixture, environment: ENVIRONMENT, config: fixture.environment, commands });
  const events = async () => {
    await fixture.ledger.refresh();
    return fixture.ledger.read(ENVIRONMENT);
  };
  const kinds = async () => (await events()).map(({ body }) => body.kind);
  const health = async () => (await fetch(fixture.url)).json() as Promise<{ version: string; commit: string }>;

  /** Deploys in a process of its own. */
  function startChild(release: DeployedRelease): ChildProcess {
    const { root, config } = fixture;
    const argument = JSON.stringify({ fixture: { root, config }, release });
    const argv = ['-r', join(testing, 'register-typescript.cjs'), join(testing, 'deploy-child.ts'), argument];
    return spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  }

  /** The outcome that a child ends with. */
  async function outcomeOf(child: ChildProcess): Promise<Outcome> {
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await once(child, 'close');
    return JSON.parse(output) as Outcome;
  }

  async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 30_000;
    while (!(await condition())) {
      if (Date.now() > deadline) throw new Error(`timed out waiting until ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  it('runs exactly the asked image, healthy, and reads it back; a second time it is done already', async () => {
    const release = await fixture.release('1.0.0', 'healthy');
    expect(await ship(release)).toMatchObject({ kind: 'done', summary: expect.stringContaining('serves 1.0.0') });
    expect(await fixture.running()).toEqual([release.services['web']]);
    expect(await health()).toMatchObject({ version: '1.0.0', commit: release.commit });
    expect((await ship(release)).kind).toBe('alreadyDone');
    expect(await kinds()).toEqual(['deploy.intent', 'deploy.outcome']);
    // The host's own files are private, and no secret reaches log or ledger.
    const folder = join(fixture.root, '.slipway/deploy', ENVIRONMENT, '1.0.0');
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, 'compose.yml'))).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(await events()) + fixture.lines.join('\n')).not.toContain('do-not-tell');
    // Reality is asked, not only the ledger.
    await fixture.docker('rm', '-f', ...(await fixture.driver.current()).map(({ instance }) => instance));
    expect((await ship(release)).kind).toBe('done');
    expect(await fixture.running()).toEqual([release.services['web']]);
  });

  it('rolls a service that never turns healthy back to the digests before', async () => {
    const good = await fixture.release('1.0.0', 'healthy');
    expect((await ship(good)).kind).toBe('done');
    expect((await verifyIt()).kind).toBe('done');
    const bad = await fixture.release('1.1.0', 'sick');
    expect(await ship(bad)).toMatchObject({
      kind: 'rolledBack',
      to: '1.0.0',
      reason: expect.stringMatching(/web is still not healthy after/),
    });
    expect(await fixture.running()).toEqual([good.services['web']]);
    expect(await health()).toMatchObject({ version: '1.0.0', commit: good.commit });
    expect(fixture.lines.join('\n')).toMatch(/this service is sick/);
    expect(fixture.lines.join('\n')).toMatch(/waiting for web/);
    expect(foldEnvironment(await events())).toMatchObject({ current: good, unfinished: null, doubt: null });
  });

  it('refuses before anything is touched: image gone, compose file missing or wrong, environment file missing', async () => {
    const release = await fixture.release('1.0.0', 'healthy');
    const reasons = async (target: DeployedRelease) => {
      const outcome = await ship(target);
      return outcome.kind === 'refused' ? outcome.refusals.map(({ id }) => id) : [outcome.kind];
    };
    expect(await reasons({ ...release, services: { web: `sha256:${'0'.repeat(64)}` } })).toEqual(['images']);
    expect(await reasons({ ...release, services: {} })).toEqual(['images']);
    const compose = await readFile(join(fixture.root, 'deploy/compose.yml'), 'utf8');
    const inspected = async (commit: string) => {
      const { refusals, description } = await fixture.driver.inspect({ ...release, commit });
      expect(description).toBeNull();
      return refusals.map(({ id }) => id);
    };
    const described = async (change: string) =>
      inspected(await fixture.commit('1.0.0', 'healthy', { 'deploy/compose.yml': `${compose}${change}` }));
    expect(await described('    labels: { needs: "${NOBODY_SETS_IT:?}" }\n')).toEqual(['composeValid']);
    expect(await described("    labels: { 'a$$b': c }\n")).toEqual(['composeStable']);
    expect(await described('networks: { default: { external: true, name: slipway-nobody-made-it } }\n')).toEqual([
      'external',
    ]);
    const empty = await fixture.world.git.text(['hash-object', '-t', 'tree', '/dev/null']);
    expect(await inspected(await fixture.world.git.text(['commit-tree', empty, '-m', 'nothing']))).toEqual([
      'composeFile',
    ]);
    await rm(join(fixture.root, 'deploy/staging.env'));
    expect(await reasons(release)).toEqual(['envFiles']);
    expect(await kinds()).toEqual([]);
    expect(await fixture.driver.current()).toEqual([]);
  });

  it('lets one of two deployments at once win, and tells the other who holds the lock', async () => {
    const release = await fixture.release('1.0.0', 'slow');
    const other = await openHands(fixture, [], quietProcess());
    const outcomes = await Promise.all([ship(release), ship(release, other)]);
    other.dispose();
    const refused = outcomes.find(({ kind }) => kind === 'refused');
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['done', 'refused']);
    expect(refused).toMatchObject({
      refusals: [{ id: 'lockFree', reason: expect.stringMatching(/Test <test@example\.com>.*deploy 1\.0\.0/) }],
    });
  });

  it('goes on where a deployment was killed', async () => {
    const release = await fixture.release('1.0.0', 'slow');
    const child = startChild(release);
    await until('the container exists', async () => (await fixture.driver.current()).length > 0);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await kinds()).toEqual(['deploy.intent']);
    expect(await outcomeOf(startChild(release))).toMatchObject({ kind: 'done' });
    expect(await kinds()).toEqual(['deploy.intent', 'lock.taken', 'deploy.outcome']);
    expect(foldEnvironment(await events())).toMatchObject({ current: release, unfinished: null });
  });

  it('goes on where a replacement was cut off between making the new container and taking the old one away', async () => {
    expect((await ship(await fixture.release('1.0.0', 'healthy'))).kind).toBe('done');
    const [old] = await fixture.driver.current();
    const labels = JSON.parse(
      await fixture.docker('inspect', '--format', '{{json .Config.Labels}}', old?.instance ?? ''),
    ) as Record<string, string>;
    const name = (await fixture.docker('inspect', '--format', '{{.Name}}', old?.instance ?? '')).replace('/', '');
    await fixture.docker(
      ...['create', '--name', `${old?.instance.slice(0, 12)}_${name}`],
      ...Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]),
      old?.image ?? '',
    );
    const next = await fixture.release('1.1.0', 'healthy');
    expect(await ship(next)).toMatchObject({ kind: 'done' });
    expect(await fixture.running()).toEqual([next.services['web']]);
    expect(await fixture.driver.current()).toHaveLength(1);
  });

  it('refuses where another program has a port that a service needs, before anything is touched', async () => {
    const taken = createServer();
    await once(taken.listen(Number(new URL(fixture.url).port), '127.0.0.1'), 'listening');
    const outcome = await ship(await fixture.release('1.0.0', 'healthy'));
    taken.close();
    expect(outcome).toMatchObject({
      kind: 'refused',
      refusals: [
        { id: 'ports', reason: expect.stringMatching(/another program has port \d+, which web of staging needs/) },
      ],
    });
    expect(await kinds()).toEqual([]);
  });

  it('says what kept Compose from starting a service', async () => {
    const compose = await readFile(join(fixture.root, 'deploy/compose.yml'), 'utf8');
    const broken = compose.replace('    ports:', "    entrypoint: ['/no-such-program']\n    ports:");
    const commit = await fixture.commit('1.0.0', 'healthy', { 'deploy/compose.yml': broken });
    const built = await fixture.build(commit);
    const outcome = await ship({ version: '1.0.0', commit, services: { web: built['web']?.image ?? '' } });
    expect(outcome).toMatchObject({
      kind: 'mixed',
      reason: expect.stringMatching(/Docker Compose failed after .*no-such-program/),
    });
  });

  it('writes an honest outcome and frees the lock within three seconds of being stopped', async () => {
    const release = await fixture.release('1.0.0', 'sick');
    const child = startChild(release);
    const outcome = outcomeOf(child);
    await until('the container exists', async () => (await fixture.driver.current()).length > 0);
    const stopped = Date.now();
    child.kill('SIGTERM');
    await until('the lock is free', async () => {
      await fixture.ledger.refresh();
      return (await fixture.ledger.lock(ENVIRONMENT)) === null;
    });
    expect(Date.now() - stopped).toBeLessThan(3_000);
    expect(await outcome).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('SIGTERM'),
    });
    expect((await events()).at(-1)?.body).toMatchObject({ kind: 'deploy.outcome', outcome: 'unknown' });
  });

  it('takes the compose file from the released commit, not from the tree', async () => {
    const release = await fixture.release('1.0.0', 'healthy');
    await fixture.commit('1.1.0', 'healthy', { 'deploy/compose.yml': 'services: {}\n' });
    await mkdir(join(fixture.root, '.slipway'), { recursive: true });
    expect((await ship(release)).kind).toBe('done');
    expect(await readFile(join(fixture.root, '.slipway/deploy', ENVIRONMENT, '1.0.0/compose.yml'), 'utf8')).toContain(
      release.services['web'],
    );
  });
});
