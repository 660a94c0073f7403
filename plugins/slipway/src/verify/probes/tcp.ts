import { connect } from 'node:net';
import type { Probe } from '../../config/schema';
import { lastLines, sanitise } from '../../deploy/sanitise';
import { errorCode } from '../../io/error-code';
import { StoppedError } from '../../io/world';
import type { Attempt } from '../attempt';
import { impossible } from '../attempt';

export type TcpProbe = Extract<Probe, { tcp: string }>;

/** Characters of a server's first words that are looked at. */
const BANNER_LIMIT = 4_096;
/** Names that can't be resolved say something about this host, not about the service. */
const UNRESOLVED = new Set(['ENOTFOUND', 'EAI_AGAIN']);

/**
 * Connects once; with a banner, waits for what the server says first.
 *
 * @param address `host:port` with its variables resolved.
 * @param timeout milliseconds.
 * @throws when `stop` is aborted.
 */
export function tryTcp(
  { banner, tcp }: Pick<TcpProbe, 'banner' | 'tcp'>,
  address: string,
  timeout: number,
  stop: AbortSignal,
): Promise<Attempt> {
  const target = parseTarget(address);
  if (target === null)
    return Promise.resolve(impossible(`${tcp} is no host:port once its variables are filled in`, true));
  return new Promise((resolve, reject) => {
    stop.throwIfAborted();
    const started = performance.now();
    const took = () => `${Math.max(1, Math.round(performance.now() - started))} ms`;
    const socket = connect({ ...target, autoSelectFamily: true });
    let heard = '';
    const end = (settle: () => void) => {
      clearTimeout(timer);
      stop.removeEventListener('abort', onStop);
      socket.destroy();
      settle();
    };
    const say = (attempt: Attempt) => end(() => resolve(attempt));
    const onStop = () => end(() => reject(new StoppedError('stopped while a connection was tried')));
    const timer = setTimeout(() => {
      const silent = socket.readyState === 'open' ? 'connected, but said nothing that was expected' : 'no connection';
      say({ result: 'failed', seen: `${silent} within ${timeout} ms` });
    }, timeout);
    stop.addEventListener('abort', onStop, { once: true });
    socket.setEncoding('utf8');
    socket.on('connect', () => {
      if (banner === undefined) say({ result: 'passed', seen: `connected in ${took()}` });
    });
    socket.on('data', (text: string) => {
      heard = `${heard}${text}`.slice(0, BANNER_LIMIT);
      if (banner !== undefined && new RegExp(banner).test(heard))
        say({ result: 'passed', seen: `answered in ${took()}` });
      else if (heard.length === BANNER_LIMIT) say(unexpected(heard));
    });
    socket.on('close', () =>
      say(heard === '' ? { result: 'failed', seen: 'closed without a word' } : unexpected(heard)),
    );
    socket.on('error', (error) => say(describeFailure(error)));
  });
}

function unexpected(heard: string): Attempt {
  const [line = ''] = lastLines(sanitise(heard).split('\n', 1)[0] ?? '', 1, 60);
  return { result: 'failed', seen: `said ${JSON.stringify(line)}, which was not expected` };
}

function parseTarget(address: string): { readonly host: string; readonly port: number } | null {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^\s:]+)):(\d{1,5})$/.exec(address) ?? [];
  const host = bracketed ?? plain;
  const number = Number(port);
  return host === undefined || !(number >= 1 && number <= 65_535) ? null : { host, port: number };
}

function describeFailure(error: unknown): Attempt {
  const code = errorCode(error);
  if (code !== null && UNRESOLVED.has(code)) return impossible(`its host name can't be resolved (${code})`);
  if (code === 'ECONNREFUSED') return { result: 'failed', seen: 'connection refused' };
  return { result: 'failed', seen: `no connection (${code ?? 'unknown error'})` };
}
