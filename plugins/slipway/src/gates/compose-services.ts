import { isRecord } from '../config/is-record';
import { errorLine } from '../io/error-message';
import type { DeployedService } from './images';

export type ServiceSettings = Pick<DeployedService, 'user' | 'healthcheck'>;

/** A Compose file that can't be read. */
export class ComposeFileError extends Error {
  override readonly name = 'ComposeFileError';
}

/**
 * What a Compose file makes of the images it runs, by service.
 * @throws {ComposeFileError} where it is no YAML, or has no services.
 */
export function composeServices(path: string, content: string): ReadonlyMap<string, ServiceSettings> {
  const yaml = require('yaml') as typeof import('yaml');
  let file: unknown;
  try {
    file = yaml.parse(content, { merge: true, logLevel: 'error' });
  } catch (error) {
    const message = errorLine(error);
    throw new ComposeFileError(`${path} is not valid YAML: ${message}`);
  }
  const services = isRecord(file) ? file['services'] : null;
  if (!isRecord(services)) throw new ComposeFileError(`${path} has no services`);
  return new Map(Object.entries(services).map(([name, service]) => [name, settingsOf(service)]));
}

function settingsOf(service: unknown): ServiceSettings {
  const { user, healthcheck } = isRecord(service) ? service : {};
  const named = typeof user === 'string' || typeof user === 'number' ? String(user) : null;
  return { user: named, healthcheck: healthOf(healthcheck) };
}

function healthOf(healthcheck: unknown): DeployedService['healthcheck'] {
  if (!isRecord(healthcheck)) return 'inherited';
  if (healthcheck['disable'] === true) return 'disabled';
  const test: unknown = healthcheck['test'];
  const first: unknown = Array.isArray(test) ? test[0] : test;
  if (typeof first !== 'string' || first === '') return 'inherited';
  return first === 'NONE' ? 'disabled' : 'own';
}
