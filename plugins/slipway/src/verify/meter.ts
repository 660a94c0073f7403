import type { EnvironmentConfig, Probe } from '../config/schema';
import type { Driver } from '../deploy/drivers/driver';
import { milliseconds } from '../deploy/duration';
import { EnvFileError } from '../deploy/env-file';
import { readEnvironmentFiles } from '../deploy/environment-files';
import { sanitise, secretsOf } from '../deploy/sanitise';
import { EngineError } from '../image/engine';
import type { World } from '../io/world';
import type { DeployedRelease } from '../ledger/events';
import { basic, parseAddress } from './address';
import { impossible, type Attempt } from './attempt';
import type { Baseline } from './bounds';
import { tryCommand } from './probes/command';
import { tryHttp } from './probes/http';
import { tryLog } from './probes/log';
import { tryPrometheus, valueAt, type PrometheusProbe, type Unanswered } from './probes/prometheus';
import { judgeRestarts } from './probes/restarts';
import { tryTcp } from './probes/tcp';
import type { PromServer } from './prometheus/client';
import { resolveVariables, VariableError } from './variables';

/** What is measured, and with what. */
export interface Subject {
  readonly world: World;
  /** Name of the environment; commands get it as `SLIPWAY_ENVIRONMENT`. */
  readonly environment: string;
  readonly config: EnvironmentConfig;
  readonly release: Pick<DeployedRelease, 'version' | 'commit'> & Partial<Pick<DeployedRelease, 'services'>>;
  /** Without it, what only the engine knows (logs, restarts) is unknown. */
  readonly driver?: Pick<Driver, 'current' | 'logs'>;
  /** When the release was put in place; without it, logs and restarts are looked at from the beginning. */
  readonly deployed?: DeploymentTimes;
  /** What the ledger says a probe measured before. */
  readonly before?: (probe: PrometheusProbe) => Baseline;
}

export interface DeploymentTimes {
  readonly began: Date;
  readonly finished: Date;
  /** Whether something else served until then, so that there is something to compare with. */
  readonly replaced: boolean;
}

/** Measures one probe once. Writes nothing. @throws when the step is being stopped. */
export type Meter = (probe: Probe) => Promise<Attempt>;

/**
 * Reads the environment's variables, once, and returns what measures with them. Where they can't be read, every probe is impossible.
 */
export async function createMeter(subject: Subject): Promise<Meter> {
  const { world, config } = subject;
  const variables = await readVariables(world.root, config);
  if (typeof variables === 'string') return async () => impossible(variables, true);
  // Grows by what is made of variables, such as headers.
  const secrets = new Set(secretsOf(variables));
  const baselines = new Map<string, Baseline>();
  const hands: Hands = { ...subject, variables, secrets, baselines };
  return async (probe) => {
    world.stop.check();
    try {
      const attempt = await measure(hands, probe);
      return {
        ...attempt,
        seen: sanitise(
          attempt.seen,
          [...secrets].sort((a, b) => b.length - a.length),
        ),
      };
    } catch (error) {
      world.stop.check();
      if (error instanceof VariableError) return impossible(error.message, true);
      if (error instanceof EngineError) return impossible(sanitise(error.message, [...secrets]));
      throw error;
    }
  };
}

interface Hands extends Subject {
  readonly variables: ReadonlyMap<string, string>;
  readonly secrets: Set<string>;
  readonly baselines: Map<string, Baseline>;
}

/** The environment's variables, or why there are none. */
async function readVariables(root: string, config: EnvironmentConfig): Promise<ReadonlyMap<string, string> | string> {
  try {
    const files = await readEnvironmentFiles(root, config.envFiles);
    if (files.missing.length > 0) return `${files.missing.join(', ')} does not exist here`;
    return files.variables;
  } catch (error) {
    if (error instanceof EnvFileError) return error.message;
    throw error;
  }
}

async function measure(hands: Hands, probe: Probe): Promise<Attempt> {
  const { world, release, variables, driver } = hands;
  const timeout = milliseconds(probe.timeout);
  const resolve = (text: string) => resolveVariables(text, variables);
  if ('http' in probe) {
    const url = resolve(probe.http);
    const headers = Object.fromEntries(Object.entries(probe.headers).map(([name, value]) => [name, resolve(value)]));
    keepSecret(hands, ...Object.values(headers), ...(parseAddress(url)?.secrets ?? []));
    return tryHttp(probe, url, timeout, release, world.stop.signal, headers);
  }
  if ('tcp' in probe) return tryTcp(probe, resolve(probe.tcp), timeout, world.stop.signal);
  if ('command' in probe) {
    const env = {
      SLIPWAY_ENVIRONMENT: hands.environment,
      SLIPWAY_VERSION: release.version,
      SLIPWAY_COMMIT: release.commit,
    };
    const secrets = [...hands.secrets];
    return tryCommand(world.run, probe.command.map(resolve), { cwd: world.root, timeout, env, secrets });
  }
  if ('prometheus' in probe) {
    const server = serverOf(hands, probe);
    if (server === null) return impossible(`the URL of ${probe.name} is none once its variables are filled in`, true);
    return tryPrometheus(probe, server, world.clock.now(), () => baselineOf(hands, probe, server));
  }
  if (driver === undefined) return impossible('nobody asked the engine');
  const now = world.clock.now();
  const services =
    ('log' in probe ? probe.log.services : probe.restarts.services) ?? Object.keys(release.services ?? {});
  const running = await driver.current();
  const began = hands.deployed?.began ?? new Date(0);
  if ('restarts' in probe) return { ...judgeRestarts(probe, services, running, began), from: began, to: now };
  return tryLog(probe, driver, services, (service) => logStart(hands, running, service), now);
}

/**
 * A container that the deployment brought counts from its first line on; one that it left alone from the end of the deployment, so that
 * it is not blamed for what happened around it.
 */
function logStart({ deployed }: Hands, running: Awaited<ReturnType<Driver['current']>>, service: string): Date {
  if (deployed === undefined) return new Date(0);
  const instances = running.filter((instance) => instance.service === service);
  const old = instances.some(({ startedAt }) => startedAt !== null && Date.parse(startedAt) < deployed.began.getTime());
  return old ? deployed.finished : deployed.began;
}

function keepSecret({ secrets }: Hands, ...values: readonly string[]): void {
  // Shorter values would blot out ordinary words.
  for (const value of values) if (value.trim().length >= 4) secrets.add(value);
}

/** @throws {VariableError} */
function serverOf(hands: Hands, { prometheus, timeout }: PrometheusProbe): PromServer | null {
  const address = parseAddress(resolveVariables(prometheus.url, hands.variables));
  if (address === null) return null;
  keepSecret(hands, ...address.secrets);
  return {
    url: address.url,
    authorization: authorizationOf(hands, prometheus.auth) ?? address.authorization,
    timeout: milliseconds(timeout),
    stop: hands.world.stop.signal,
  };
}

/** @throws {VariableError} */
function authorizationOf(hands: Hands, auth: PrometheusProbe['prometheus']['auth']): string | null {
  if (auth === undefined) return null;
  const value = (name: string): string => {
    const found = hands.variables.get(name) ?? hands.world.env[name];
    if (found === undefined || found === '')
      throw new VariableError(name, `${name} has no value: set it in an environment file, or in the environment`);
    keepSecret(hands, found);
    return found;
  };
  if ('token' in auth) return `Bearer ${value(auth.token)}`;
  const authorization = basic(resolveVariables(auth.user, hands.variables), value(auth.password));
  keepSecret(hands, authorization.slice('Basic '.length));
  return authorization;
}

/** What the probe would have measured right before the deployment, else what the ledger holds; asked until it is answered. */
async function baselineOf(hands: Hands, probe: PrometheusProbe, server: PromServer): Promise<Baseline | Unanswered> {
  const { baselines, deployed, before } = hands;
  const known = baselines.get(probe.name);
  if (known !== undefined) return known;
  const value = deployed?.replaced === true ? await valueAt(probe, server, deployed.began) : null;
  if (value !== null && typeof value !== 'number') return value;
  const baseline = value === null ? (before?.(probe) ?? null) : { value, source: 'before the deployment' };
  baselines.set(probe.name, baseline);
  return baseline;
}
