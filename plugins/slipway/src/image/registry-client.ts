import { z } from 'zod';
import type { RegistryConfig } from '../config/schema';
import { milliseconds } from '../deploy/duration';
import { RunError, type RunResult } from '../io/exec';
import type { World } from '../io/world';
import { docker, dockerText, EngineError } from './engine';
import { classifyFailure, lastWords, retryAfter, type RegistryFailure } from './registry-failure';

/** An image as a registry has it. */
export interface RegistryImage {
  /** `host/name@sha256:…`, by which it is always this one. */
  readonly reference: string;
  /** Image id that an engine gives to it, `sha256:…`. */
  readonly image: string;
}

/** A registry could not do what was asked. */
export class RegistryError extends EngineError {
  constructor(
    readonly failure: RegistryFailure,
    message: string,
    remedy: string,
  ) {
    super(message, remedy);
  }
}

export interface RegistryClient {
  /** The image of a tag or digest; null where the registry has none. @throws {RegistryError} */
  find(reference: string): Promise<RegistryImage | null>;
  /** Pushes a tag that the engine has. @returns its repository digest, `sha256:…`. @throws {RegistryError} */
  push(tag: string): Promise<string>;
  /** @throws {RegistryError} */
  pull(reference: string): Promise<void>;
}

type RegistryOptions = Pick<RegistryConfig, 'attempts' | 'timeout'>;
type ClientWorld = Pick<World, 'run' | 'clock' | 'log' | 'stop'>;

/** What holds where a registry is used that the configuration does not name any more. */
export const REGISTRY_DEFAULTS: RegistryOptions = { attempts: 5, timeout: '10m' };

/** Milliseconds. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 120_000;

const entry = z.object({
  Descriptor: z.object({
    digest: z.string(),
    platform: z.object({ architecture: z.string(), os: z.string() }).nullish(),
  }),
  SchemaV2Manifest: z.object({ config: z.object({ digest: z.string() }) }).nullish(),
  OCIManifest: z.object({ config: z.object({ digest: z.string() }) }).nullish(),
});
const manifests = z.union([entry, z.array(entry)]);

/**
 * Talks to registries by way of the docker client, so that its logins, credential helpers and certificates count. Tries again while a
 * registry is busy or down.
 */
export function createRegistryClient(world: ClientWorld, options: RegistryOptions = REGISTRY_DEFAULTS): RegistryClient {
  const timeout = milliseconds(options.timeout);

  async function find(reference: string): Promise<RegistryImage | null> {
    const insecure = (await isInsecure(world, hostOf(reference))) ? ['--insecure'] : [];
    const result = await insist(
      reference,
      `look for ${reference}`,
      ['manifest', 'inspect', '--verbose', ...insecure, reference],
      ['missing'],
    );
    if (result === null) return null;
    return readManifests(result.stdout, reference);
  }

  async function push(tag: string): Promise<string> {
    const result = await insist(tag, `push ${tag}`, ['push', tag]);
    const digest = /^\S+: digest: (sha256:[0-9a-f]{64}) size: \d+$/m.exec(result?.stdout ?? '')?.[1];
    if (digest === undefined)
      throw new RegistryError('other', `docker push ${tag} did not say the digest`, `docker push ${tag}`);
    return digest;
  }

  async function pull(reference: string): Promise<void> {
    await insist(reference, `pull ${reference}`, ['pull', '--quiet', reference]);
  }

  /** Runs docker until it succeeds; null where it failed in a way that the caller expects. */
  async function insist(
    reference: string,
    what: string,
    argv: readonly string[],
    expected: readonly RegistryFailure[] = [],
  ): Promise<RunResult | null> {
    for (let attempt = 1; ; attempt += 1) {
      world.stop.check();
      const result = await runOnce(argv);
      if (typeof result !== 'string' && result.exitCode === 0) return result;
      const { failure, said } =
        typeof result === 'string' ? { failure: 'down' as const, said: result } : await reasonOf(result, reference);
      if (expected.includes(failure)) return null;
      const passing = failure === 'busy' || failure === 'down';
      if (!passing || attempt >= options.attempts) throw failureOf(failure, reference, what, said, attempt);
      const pause = await pauseBefore(failure, hostOf(reference), attempt);
      const why = failure === 'busy' ? 'is busy' : 'does not answer as it should';
      world.log.warn(
        `The registry ${hostOf(reference)} ${why} (${said}): trying again in ${Math.ceil(pause / 1_000)} s (${attempt} of ${options.attempts})`,
      );
      await world.clock.sleep(pause);
    }
  }

  /** What the client gave, or why it ran out of time. */
  async function runOnce(argv: readonly string[]): Promise<RunResult | string> {
    try {
      return await docker(world.run, argv, { timeout });
    } catch (error) {
      if (error instanceof RunError && error.failure === 'timedOut') return `it took longer than ${options.timeout}`;
      throw error;
    }
  }

  async function pauseBefore(failure: RegistryFailure, host: string, attempt: number): Promise<number> {
    const usual = FIRST_PAUSE * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
    const asked = failure === 'busy' ? await askedPause(host) : null;
    return Math.min(Math.max(asked ?? 0, usual), LONGEST_PAUSE);
  }

  /**
   * The docker client up to 20.10 says of every answer that is not the registry's own (a proxy's 401, 429 or 503) the same, which is
   * nothing: then the registry is asked.
   */
  async function reasonOf({ stderr }: RunResult, reference: string) {
    const [failure, said] = [classifyFailure(stderr), lastWords(stderr)];
    if (failure !== 'other' || !/unsupported registry version/.test(stderr)) return { failure, said };
    const status = (await ask(hostOf(reference)))?.status;
    if (status === undefined) return { failure: 'down' as const, said };
    return { failure: classifyFailure(`status ${status}`), said: `${said}; it answers ${status}` };
  }

  /** The docker client does not pass on how long a busy registry wants to be left alone, so it is asked. */
  async function askedPause(host: string): Promise<number | null> {
    return retryAfter((await ask(host))?.headers.get('retry-after') ?? null, world.clock.now());
  }

  /** What a registry answers to whoever asks without a login; null where it gives no answer. */
  async function ask(host: string): Promise<Response | null> {
    const scheme = (await isInsecure(world, host)) ? 'http' : 'https';
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(3_000), world.stop.signal]);
      const answer = await fetch(`${scheme}://${host}/v2/`, { signal });
      await answer.body?.cancel();
      return answer;
    } catch {
      return null;
    }
  }

  return { find, push, pull };
}

function failureOf(
  failure: RegistryFailure,
  reference: string,
  what: string,
  said: string,
  attempts: number,
): RegistryError {
  const host = hostOf(reference);
  const tried = attempts > 1 ? ` (tried ${attempts} times)` : '';
  const message = `could not ${what}${tried}: ${said}`;
  switch (failure) {
    case 'denied':
      return new RegistryError(failure, `the registry ${host} refuses to ${what}: ${said}`, `docker login ${host}`);
    case 'missing':
      return new RegistryError(failure, message, `look what ${host} has of that name`);
    case 'busy':
      return new RegistryError(failure, message, 'try again later, or log in to be allowed more requests');
    case 'down':
      return new RegistryError(failure, message, `see that ${host} runs and can be reached, then try again`);
    case 'other':
      return new RegistryError(failure, message, 'correct what it says, then try again');
  }
}

/** Reads `docker manifest inspect --verbose`. Null where none of its platforms is an image that an engine runs. */
export function readManifests(json: string, reference: string): RegistryImage | null {
  const read = manifests.parse(JSON.parse(json));
  const [only] = Array.isArray(read) ? read : [read];
  const config = only?.SchemaV2Manifest?.config ?? only?.OCIManifest?.config;
  if (only === undefined || config === undefined) return null;
  return { reference: `${nameOf(reference)}@${only.Descriptor.digest}`, image: config.digest };
}

/** `host:port` of a reference. */
export function hostOf(reference: string): string {
  return reference.slice(0, reference.indexOf('/'));
}

/** The reference without tag and digest. */
export function nameOf(reference: string): string {
  return reference.replace(/@sha256:[0-9a-f]+$/, '').replace(/:[^:/]+$/, '');
}

const indexes = z.record(z.string(), z.object({ Secure: z.boolean().nullish() }).nullish()).nullish();

/** Whether the engine talks to this registry without certificates: one of this machine, or one that it is told to trust. */
async function isInsecure({ run }: Pick<World, 'run'>, host: string): Promise<boolean> {
  if (/^(?:127(?:\.\d+){3}|localhost|\[::1\])(?::\d+)?$/.test(host)) return true;
  const text = await dockerText(run, ['info', '--format', '{{json .RegistryConfig.IndexConfigs}}']);
  return indexes.parse(JSON.parse(text))?.[host]?.Secure === false;
}
