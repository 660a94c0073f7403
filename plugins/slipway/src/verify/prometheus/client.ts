import { errorCode } from '../../io/error-code';
import { readBody } from '../probes/read-body';
import { readAnswer, type PromAnswer } from './answer';

export interface PromServer {
  /** Without credentials. */
  readonly url: string;
  readonly authorization: string | null;
  /** Milliseconds, for a whole answer. */
  readonly timeout: number;
  readonly stop: AbortSignal;
}

/** A stretch of time to ask for, with a point every `step` milliseconds. */
export interface PromRange {
  readonly from: Date;
  readonly to: Date;
  readonly step: number;
}

/** Larger answers hold more series or points than a verdict can be made of. */
const ANSWER_LIMIT = 4 * 1024 * 1024;

/**
 * Asks a query at a moment, or for a range. The query goes in the body, so that no proxy logs it.
 * @throws when `stop` is aborted.
 */
export async function askPrometheus(server: PromServer, query: string, when: Date | PromRange): Promise<PromAnswer> {
  const ranged = !(when instanceof Date);
  const body = new URLSearchParams({ query, timeout: `${Math.max(1, Math.ceil(server.timeout))}ms` });
  if (ranged) {
    body.set('start', seconds(when.from));
    body.set('end', seconds(when.to));
    body.set('step', String(when.step / 1_000));
  } else body.set('time', seconds(when));
  try {
    const response = await fetch(endpoint(server.url, ranged ? 'query_range' : 'query'), {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(server.timeout), server.stop]),
      headers: {
        accept: 'application/json',
        'user-agent': 'slipway',
        ...(server.authorization === null ? {} : { authorization: server.authorization }),
      },
      body,
    });
    const text = await readBody(response, ANSWER_LIMIT + 1);
    if (text.length > ANSWER_LIMIT) return { kind: 'problem', seen: 'the answer is too large', final: true };
    return readAnswer(response.status, text, ranged);
  } catch (error) {
    server.stop.throwIfAborted();
    return { kind: 'problem', seen: describeFailure(error, server.timeout), final: false };
  }
}

function endpoint(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = `${address.pathname.replace(/\/+$/, '')}/api/v1/${name}`;
  return address.href;
}

function seconds(moment: Date): string {
  return (moment.getTime() / 1_000).toFixed(3);
}

function describeFailure(error: unknown, timeout: number): string {
  if (typeof error === 'object' && error !== null && 'name' in error && error.name === 'TimeoutError')
    return `Prometheus did not answer within ${timeout} ms`;
  // The message of an error may hold the URL; its code does not.
  return `Prometheus can't be reached (${errorCode(error) ?? 'no answer'})`;
}
