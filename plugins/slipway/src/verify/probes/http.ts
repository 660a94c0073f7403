import { isRecord } from '../../config/is-record';
import type { Probe } from '../../config/schema';
import { errorCode } from '../../io/error-code';
import { jsonOrNull } from '../../io/json-or-null';
import { parseAddress } from '../address';
import { impossible, type Attempt } from '../attempt';
import { readBody } from './read-body';

export type HttpProbe = Extract<Probe, { http: string }>;

/** What the answer is compared with. */
export interface ExpectedRelease {
  readonly version: string;
  readonly commit: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  readonly milliseconds: number;
}

const BODY_LIMIT = 256 * 1024;

/**
 * Asks a URL once. Redirects are not followed: a health address that redirects is not the service's own answer.
 *
 * @param url with its variables resolved, also with credentials; what is shown is the probe's own text, so that no value leaks.
 * @param headers with their variables resolved.
 * @param timeout milliseconds, for the whole answer.
 * @throws when `stop` is aborted.
 */
export async function tryHttp(
  probe: HttpProbe,
  url: string,
  timeout: number,
  release: ExpectedRelease,
  stop: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<Attempt> {
  const address = parseAddress(url);
  if (address === null) return impossible(`${probe.http} is no URL once its variables are filled in`, true);
  const started = performance.now();
  try {
    const response = await fetch(address.url, {
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(timeout), stop]),
      headers: {
        accept: 'application/json, */*;q=0.1',
        'cache-control': 'no-cache',
        'user-agent': 'slipway',
        ...(address.authorization === null ? {} : { authorization: address.authorization }),
        ...headers,
      },
    });
    const body = await readBody(response, BODY_LIMIT);
    return judgeAnswer(probe, { status: response.status, body, milliseconds: performance.now() - started }, release);
  } catch (error) {
    stop.throwIfAborted();
    return describeFailure(error, timeout);
  }
}

/** Names that can't be resolved say something about this host, not about the service. */
const UNRESOLVED = new Set(['ENOTFOUND', 'EAI_AGAIN']);

function describeFailure(error: unknown, timeout: number): Attempt {
  if (typeof error === 'object' && error !== null && 'name' in error && error.name === 'TimeoutError') {
    return { result: 'failed', seen: `no answer within ${timeout} ms` };
  }
  const code = errorCode(error);
  if (code !== null && UNRESOLVED.has(code)) return impossible(`its host name can't be resolved (${code})`);
  if (code === 'ECONNREFUSED') return { result: 'failed', seen: 'connection refused' };
  // The message of an error may hold URL and headers.
  return { result: 'failed', seen: `no answer (${code ?? 'unknown error'})` };
}

/** Compares an answer with what the probe expects. Pure. */
export function judgeAnswer(probe: HttpProbe, answer: HttpAnswer, release: ExpectedRelease): Attempt {
  const took = `${answer.status} in ${Math.max(1, Math.round(answer.milliseconds))} ms`;
  if (answer.status !== probe.status) return { result: 'failed', seen: `${took}, expected ${probe.status}` };
  const expected = new Map<string, string | number | boolean>(Object.entries(probe.expect.json));
  if (probe.expect.version) expected.set('version', release.version);
  if (probe.expect.commit) expected.set('commit', release.commit);
  if (expected.size === 0) return { result: 'passed', seen: took };
  const document = jsonOrNull(answer.body);
  if (!isRecord(document)) return { result: 'failed', seen: `${took}, but the answer is no JSON object` };
  for (const [path, value] of expected) {
    const found = valueAt(document, path);
    if (found !== value)
      return { result: 'failed', seen: `${took}, ${path} is ${show(found)}, expected ${show(value)}` };
  }
  return { result: 'passed', seen: probe.expect.version ? `${took}, version ${release.version}` : took };
}

/** `a.b` reaches into nested objects, unless the object has a key of just that name. */
function valueAt(document: object, path: string): unknown {
  const own = (value: unknown, key: string): unknown =>
    typeof value === 'object' && value !== null && Object.hasOwn(value, key)
      ? (value as Record<string, unknown>)[key]
      : undefined;
  const direct = own(document, path);
  return direct !== undefined ? direct : path.split('.').reduce<unknown>(own, document);
}

function show(value: unknown): string {
  if (value === undefined) return 'missing';
  // Values come out of JSON, so there is always a text for them.
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
