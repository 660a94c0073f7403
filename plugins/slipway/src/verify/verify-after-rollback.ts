import type { EnvironmentConfig, Probe } from '../config/schema';
import type { Driver } from '../deploy/drivers/driver';
import type { VerifyAfter } from '../deploy/rollback';
import { record } from '../deploy/session';
import { deployedSubject } from './deployed-subject';
import { verify } from './verify';

/**
 * Probes the release that was brought back, and records the verdict. Nothing that takes long: no initial delay, one measurement, no bake, and
 * nothing that still tells of the release that was left, as metrics of the last minutes do.
 *
 * @param driver default: logs and restarts are not looked at.
 */
export function verifyAfterRollback(config: EnvironmentConfig, driver?: Pick<Driver, 'current' | 'logs'>): VerifyAfter {
  const quick = { ...config, verify: { ...config.verify, probes: config.verify.probes.map(once) } };
  return async (session, release, deployment) => {
    const { world, environment, ledger } = session;
    const { version, services } = release;
    const subject = deployedSubject(
      { world, environment, config: quick, ...(driver === undefined ? {} : { driver }) },
      await ledger.read(environment),
      { ...release, deployment },
    );
    const only = (probe: Probe) => !('prometheus' in probe) && (driver !== undefined || !needsEngine(probe));
    const { health, measurements, reason } = await verify({ ...subject, only });
    await record(session, { kind: 'verify.outcome', version, deployment, health, services, measurements, reason });
    return { health, reason };
  };
}

function needsEngine(probe: Probe): boolean {
  return 'log' in probe || 'restarts' in probe;
}

function once(probe: Probe): Probe {
  const { failureLimit: _limit, initialDelay: _delay, ...rest } = probe;
  return { ...rest, count: 1 };
}
