import { foldEnvironment } from '../ledger/state';
import { deploy } from '../deploy/deploy';
import { rollback } from '../deploy/rollback';
import type { DeployedRelease } from '../ledger/events';
import { commands, createComposeFixture, ENVIRONMENT, type ComposeFixture } from '../testing/compose-fixture';
import { verifyAfterRollback, verifyDeployment, type VerifyDeploymentRequest } from './verify-release';

describe('verification with Docker Compose', () => {
  let fixture: ComposeFixture;
  beforeEach(async () => {
    fixture = await createComposeFixture();
  });
  afterEach(() => fixture.cleanUp());

  const step = () => ({ ...fixture, environment: ENVIRONMENT, commands });
  const ship = (release: DeployedRelease) => deploy({ ...step(), release });
  const verifyIt = (change: Partial<VerifyDeploymentRequest> = {}) =>
    verifyDeployment({ ...step(), config: fixture.environment, ...change });
  const events = () => fixture.ledger.read(ENVIRONMENT);

  it('rolls back what its probes find unhealthy, by digest, and probes again', async () => {
    const good = await fixture.release('1.0.0', 'healthy');
    await ship(good);
    expect(await verifyIt()).toMatchObject({ kind: 'done', summary: expect.stringContaining('1.0.0 is healthy') });
    expect((await verifyIt()).kind).toBe('alreadyDone');
    expect((await verifyIt({ again: true })).kind).toBe('done');
    const liar = await fixture.release('1.1.0', 'liar');
    expect((await ship(liar)).kind).toBe('done');
    expect(await verifyIt({ version: '1.1.0' })).toMatchObject({
      kind: 'rolledBack',
      to: '1.0.0',
      reason: expect.stringMatching(/503 in \d+ ms, expected 200 \(after 3 attempts\)/),
    });
    expect(await fixture.running()).toEqual([good.services['web']]);
    const state = foldEnvironment(await events());
    expect(state.current).toMatchObject({ ...good, health: 'healthy' });
    expect([...state.bad.keys()]).toEqual(['1.1.0']);
    const last = (await events()).slice(-4).map(({ body }) => body.kind);
    expect(last).toEqual(['verify.outcome', 'rollback.intent', 'rollback.outcome', 'verify.outcome']);
  });

  it('holds an unhealthy release where configuration says so, or where there is none to go back to', async () => {
    const liar = await fixture.release('1.0.0', 'liar');
    await ship(liar);
    expect(await verifyIt({ onUnhealthy: 'hold' })).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('it is held'),
    });
    expect(await verifyIt()).toMatchObject({ kind: 'failed', reason: expect.stringContaining('none to go back to') });
    expect(await fixture.running()).toEqual([liar.services['web']]);
  });

  it('takes drift for unknown and leaves it alone', async () => {
    const first = await fixture.release('1.0.0', 'healthy');
    await ship(first);
    await verifyIt();
    const second = await fixture.release('1.1.0', 'liar');
    // Somebody deploys by hand, past the ledger.
    expect((await fixture.driver.apply(second, { guard: async () => undefined })).kind).toBe('applied');
    expect(await verifyIt()).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('something else than Slipway'),
    });
    expect(await fixture.running()).toEqual([second.services['web']]);
  });

  it('rolls back when asked, and verifies what it brought back', async () => {
    const first = await fixture.release('1.0.0', 'healthy');
    await ship(first);
    await verifyIt();
    const second = { ...first, version: '1.1.0', commit: await fixture.commit('1.1.0', 'healthy') };
    await ship(second);
    await verifyIt();
    const verify = verifyAfterRollback(fixture.environment);
    expect(await rollback({ ...step(), automatic: false, reason: 'asked for', verify })).toMatchObject({
      kind: 'done',
    });
    expect(foldEnvironment(await events()).current).toMatchObject({ ...first, health: 'healthy' });
  });
});
