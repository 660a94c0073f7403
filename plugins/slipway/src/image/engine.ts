import { z } from 'zod';
import { RunError, type Run, type RunOptions, type RunResult } from '../io/exec';

/** The Docker Engine, or the client, could not do what was asked. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  constructor(
    message: string,
    /** What mends it: a command, or an instruction. */
    readonly remedy: string,
  ) {
    super(message);
  }
}

export interface LocalImage {
  /** `sha256:…`, the digest by which the engine knows the image. */
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** As the image names it; empty where it names none. */
  readonly user: string;
  /** The command of its health check; null where it has none, or switches it off. */
  readonly healthcheck: readonly string[] | null;
}

const UNREACHABLE =
  /cannot connect to the docker daemon|is the docker daemon running|error during connect|permission denied while trying to connect|failed to connect to the docker api/i;

/** All that older clients, such as 20.10, say of `docker info --format` where no engine answers. */
const WITHOUT_INFO = /nil pointer to embedded struct field Info/;

/**
 * Runs `docker` with these arguments.
 * @throws {EngineError} when the client is not installed or the engine can't be reached; any other non-zero exit is a result.
 */
export async function docker(run: Run, args: readonly string[], options?: RunOptions): Promise<RunResult> {
  const result = await runClient(run, args, options);
  if (result.exitCode === 0) return result;
  if (UNREACHABLE.test(result.stderr)) throw unreachable(result.stderr);
  if (WITHOUT_INFO.test(result.stderr)) {
    // Another command of theirs tells why.
    const asked = await runClient(run, [...args.slice(0, args.indexOf('info')), 'version'], options);
    if (asked.exitCode !== 0 && UNREACHABLE.test(asked.stderr)) throw unreachable(asked.stderr);
  }
  return result;
}

async function runClient(run: Run, args: readonly string[], options?: RunOptions): Promise<RunResult> {
  try {
    return await run(['docker', ...args], options);
  } catch (error) {
    if (error instanceof RunError && error.failure === 'notFound') {
      throw new EngineError('docker is not installed or not on the PATH', 'install Docker Engine with Compose v2');
    }
    throw error;
  }
}

/** What the client says of a context over SSH, whose address it leaves out: its command, and what that wrote last. */
const OVER_SSH = /command \[ssh (.*?) docker [^\]]*\] has exited[^]*?stderr=([^]*)$/;

function unreachable(stderr: string): EngineError {
  const [, way, said] = OVER_SSH.exec(stderr) ?? [];
  if (way !== undefined) {
    const why = said?.trim().split('\n').at(-1)?.trim();
    return new EngineError(
      `the Docker Engine can not be reached over SSH${why ? ` (${why})` : ''}`,
      `see to it that this works without a question: ssh ${way} docker version`,
    );
  }
  const denied = /permission denied/i.test(stderr);
  const address = addressIn(stderr);
  const where = address === undefined ? '' : ` at ${address}`;
  return new EngineError(
    denied ? `this user may not talk to the Docker Engine${where}` : `the Docker Engine can not be reached${where}`,
    denied
      ? 'add the user to the group docker, or run as root, then try: docker version'
      : 'start it (systemctl start docker, or dockerd), or correct DOCKER_HOST or the Docker context, then try: docker version',
  );
}

/** Newer clients tell a socket as an HTTP host, with the request behind it: `http://%2Frun%2Fdocker.sock/v1.41/…`. */
function addressIn(stderr: string): string | undefined {
  const address = /\b(?:unix|tcp|https?|ssh|npipe):\/\/[^\s"']*[^\s"'.:?]/.exec(stderr)?.[0];
  const socket = address === undefined ? null : /^http:\/\/((?:%2F[^/%]+)+)/i.exec(address);
  return socket === null ? address : `unix://${socket[1]?.replaceAll(/%2F/gi, '/')}`;
}

/**
 * Standard output of `docker` with these arguments.
 * @throws {EngineError} on a non-zero exit.
 */
export async function dockerText(run: Run, args: readonly string[], options?: RunOptions): Promise<string> {
  const result = await docker(run, args, options);
  if (result.exitCode !== 0) {
    throw new EngineError(
      `docker ${args.slice(0, 2).join(' ')} failed (exit ${result.exitCode}): ${result.stderr.trim()}`,
      'see what the engine says: docker info',
    );
  }
  return result.stdout;
}

const imageDocument = z.array(
  z.object({
    Id: z.string().regex(/^sha256:[0-9a-f]{64}$/),
    Config: z
      .object({
        Labels: z.record(z.string(), z.string()).nullish(),
        User: z.string().nullish(),
        Healthcheck: z.object({ Test: z.array(z.string()).nullish() }).nullish(),
      })
      .nullish(),
  }),
);

/**
 * The local image of a name or id, or null where there is none. Never pulls.
 * @throws {EngineError}
 */
export async function findImage(run: Run, reference: string): Promise<LocalImage | null> {
  const result = await docker(run, ['image', 'inspect', reference]);
  if (result.exitCode !== 0) {
    if (/no such image|not found/i.test(result.stderr)) return null;
    throw new EngineError(
      `docker image inspect ${reference} failed (exit ${result.exitCode}): ${result.stderr.trim()}`,
      'see what the engine says: docker info',
    );
  }
  const [image] = imageDocument.parse(JSON.parse(result.stdout));
  if (image === undefined) return null;
  const { Labels, User, Healthcheck } = image.Config ?? {};
  const test = Healthcheck?.Test ?? [];
  return {
    id: image.Id,
    labels: Labels ?? {},
    user: User ?? '',
    healthcheck: test.length === 0 || test[0] === 'NONE' ? null : test,
  };
}
