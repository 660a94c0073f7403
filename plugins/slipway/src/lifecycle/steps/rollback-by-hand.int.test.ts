import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createAnchorStore } from '../../deploy/anchor/anchor-store';
import type { DeployedRelease, LedgerEventBody } from '../../ledger/events';
import { Desk, deskConfiguration } from '../testing/desk';
import { rollback, type RollbackOptions } from './rollback';

function release(version: string): DeployedRelease {
  const digit = version.replaceAll('.', '');
  return { version, commit: digit.padEnd(40, '0'), services: { ui: `sha256:${digit.padEnd(64, '0')}` } };
}

describe.each(['refs', 'branch'] as const)('an emergency while the ledger can not be reached, kept as %s', (store) => {
  let desk: Desk;
  beforeAll(async () => {
    desk = new Desk();
    const images = { ui: { dockerfile: 'D', context: ['.'], repository: 'desk/ui', variable: 'UI' } };
    const prod = { compose: 'c.yml', project: 'p', context: 'production' };
    desk.config = deskConfiguration({ images, environments: { prod, other: { compose: 'c.yml', project: 'o' } } });
    Object.assign(desk.config.release, { ledger: store });
    const anchors = createAnchorStore(desk.root, 'prod');
    const { ledger } = desk.context();
    const verified = async (version: string, migrations: readonly string[], health: 'healthy' | 'unhealthy') => {
      const deployment = `${version}-1`;
      const content = { description: `# ${version}\n`, configuration: {} };
      const snapshot = await anchors.save(deployment, content, migrations);
      const { services } = release(version);
      const bodies: readonly LedgerEventBody[] = [
        { kind: 'deploy.intent', ...release(version), deployment, configHash: '', anchor: null, snapshot },
        { kind: 'deploy.outcome', version, deployment, outcome: 'done', services, reason: '' },
        { kind: 'verify.outcome', version, deployment, health, services, measurements: [], reason: '' },
      ];
      for (const body of bodies) await ledger.append('prod', body);
    };
    await verified('0.9.0', ['a'], 'healthy');
    await verified('1.0.0', ['a'], 'healthy');
    await verified('1.1.0', ['a', 'b'], 'unhealthy');
    await rename(desk.remote ?? '', `${desk.remote}-gone`);
  });
  afterAll(() => desk.remove());

  /** The remedy of the refusal. */
  const back = async (options: Partial<RollbackOptions> = {}): Promise<string> => {
    const asked = { env: 'prod', emergency: true, ...options };
    const { outcome } = await desk.run(rollback, asked, { target: 'release-rollback' });
    expect(outcome).toMatchObject({ kind: 'refused', refusals: [{ id: 'ledger' }] });
    return outcome.kind === 'refused' ? (outcome.refusals[0]?.remedy ?? '') : '';
  };
  const description = (deployment: string) =>
    join(desk.root, '.slipway/deploy/prod/anchors', deployment, 'description');

  it('does nothing, and names what a person can do for the last verified release', async () => {
    const remedy = await back();
    expect(remedy).toContain('docker --context production compose');
    expect(remedy).toContain(`-f ${description('1.0.0-1')}`);
    expect(remedy).toContain('npx nx release-rollback api --env=prod --to=1.0.0');
    expect(remedy).toMatch(/see that nobody else deploys/);
    expect(remedy).toMatch(/the database is left as it is, with b applied/);
  });

  it('names the release that was asked for, and none that was never verified', async () => {
    expect(await back({ to: 'v0.9.0' })).toContain(`-f ${description('0.9.0-1')}`);
    expect(await back({ to: '1.1.0' })).toMatch(/1\.1\.0 was never verified in prod/);
  });

  it('says where this clone or this host knows of nothing', async () => {
    expect(await back({ env: 'other' })).toMatch(/there is none to go back to/);
    await rename(description('1.0.0-1'), `${description('1.0.0-1')}-gone`);
    expect(await back()).toMatch(/this host holds no snapshot of 1\.0\.0/);
  });

  it('is not told to those who did not ask for an emergency', async () => {
    await expect(back({ emergency: false })).rejects.toThrow();
  });
});
