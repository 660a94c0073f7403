import { z } from 'zod';
import type { Clock } from './world';

/** Reads GitHub's REST API. */
export interface GitHub {
  /** One object. @throws {GitHubError} */
  get<T>(path: string, schema: z.ZodType<T>): Promise<T>;
  /** All pages of a list. @throws {GitHubError} */
  list<T>(path: string, schema: z.ZodType<T>): Promise<readonly T[]>;
}

export interface GitHubOptions {
  /** E.g. `https://api.github.com`. */
  readonly api: string;
  readonly token: string;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly signal?: AbortSignal;
  /** Milliseconds for one request; default 20 s. */
  readonly timeout?: number;
}

/** GitHub gave no answer to go by. */
export class GitHubError extends Error {
  override readonly name = 'GitHubError';
  constructor(
    message: string,
    /** HTTP status; null where there was none. */
    readonly status: number | null,
  ) {
    super(message);
  }
}

const TRIES = 4;
/** Seconds that a limit of requests is waited for. */
const PATIENCE = 60;
const MAX_PAGES = 100;

/**
 * A thin client: the few reads that are needed, retried where the host is at fault or asks for patience. The token goes to the API's
 * own origin alone.
 */
export function createGitHub(options: GitHubOptions): GitHub {
  const base = options.api.replace(/\/+$/, '');
  const origin = new URL(base).origin;

  const ask = async (url: string): Promise<{ readonly body: unknown; readonly next: string | null }> => {
    if (new URL(url).origin !== origin)
      throw new GitHubError(`the API led to another host, ${new URL(url).origin}`, null);
    for (let attempt = 1; ; attempt++) {
      const answer = await request(url, options);
      if (answer.kind === 'ok') return answer;
      if (attempt === TRIES || answer.wait === null) throw answer.error;
      await options.clock.sleep(answer.wait ?? 0);
      if (options.signal?.aborted) throw answer.error;
    }
  };

  return {
    get: async (path, schema) => checked(path, schema, (await ask(`${base}${path}`)).body),
    list: async (path, schema) => {
      const all = [];
      let url: string | null = `${base}${path}${path.includes('?') ? '&' : '?'}per_page=100`;
      for (let page = 1; url !== null; page++) {
        if (page > MAX_PAGES) throw new GitHubError(`${path} has more than ${MAX_PAGES} pages`, null);
        const { body, next }: Awaited<ReturnType<typeof ask>> = await ask(url);
        all.push(...checked(path, z.array(schema), body));
        url = next;
      }
      return all;
    },
  };
}

type Answer =
  | { readonly kind: 'ok'; readonly body: unknown; readonly next: string | null }
  /** `wait`: milliseconds until it is worth another try; null where it is not. */
  | { readonly kind: 'failed'; readonly error: GitHubError; readonly wait: number | null };

async function request(url: string, { token, signal, timeout = 20_000 }: GitHubOptions): Promise<Answer> {
  const path = new URL(url).pathname;
  let response: Response;
  let text: string;
  try {
    const limit = AbortSignal.timeout(timeout);
    response = await fetch(url, {
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'user-agent': 'nx-slipway',
        'x-github-api-version': '2022-11-28',
      },
      // A redirect would carry the token on.
      redirect: 'manual',
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    });
    text = await response.text();
  } catch (error) {
    const message = messageOf(error);
    return { kind: 'failed', error: new GitHubError(`${path}: ${message}`, null), wait: 500 };
  }
  const { status, headers } = response;
  if (status !== 200) {
    const error = new GitHubError(
      `${path} answered ${status}${status === 401 ? ' (is the token valid?)' : ''}`,
      status,
    );
    return { kind: 'failed', error, wait: waitFor(status, headers) };
  }
  try {
    return { kind: 'ok', body: JSON.parse(text), next: nextPage(headers.get('link')) };
  } catch {
    return { kind: 'failed', error: new GitHubError(`${path} answered something else than JSON`, status), wait: 500 };
  }
}

/** Of `fetch`'s errors the cause tells more. */
function messageOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('message' in error)) return String(error);
  const cause = 'cause' in error && error.cause !== undefined ? `: ${messageOf(error.cause)}` : '';
  return `${String(error.message)}${cause}`;
}

/** The host's fault: again soon. Too many requests: when it says so, unless that is too long. */
function waitFor(status: number, headers: Headers): number | null {
  if (status >= 500) return 500;
  if (status !== 403 && status !== 429) return null;
  const after = Number(headers.get('retry-after') ?? Number.NaN);
  if (!Number.isNaN(after)) return after <= PATIENCE ? after * 1000 : null;
  return status === 429 ? 5_000 : null;
}

function nextPage(link: string | null): string | null {
  return /<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1] ?? null;
}

function checked<T>(path: string, schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new GitHubError(
    `${path} answered in an unknown form (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`,
    200,
  );
}
