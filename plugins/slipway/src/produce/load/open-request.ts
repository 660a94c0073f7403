/** One connection of autocannon's, as far as it tells what happens on it. */
export interface ObservedClient {
  on(event: 'request' | 'timeout' | 'connError', listener: () => void): unknown;
  on(event: 'response', listener: (status: number, bytes: number, milliseconds: number) => void): unknown;
}

export interface RequestEnds {
  answered(status: number, milliseconds: number): void;
  timedOut(): void;
  /** The connection broke, or was closed without an answer. */
  broken(): void;
}

/**
 * Follows the one open request of a connection to its end. autocannon itself counts no request whose connection the server closed
 * without an answer, and none that is still open when it stops.
 * @returns milliseconds that the open request has waited; null where none is open
 */
export function followRequests(client: ObservedClient, now: () => number, ends: RequestEnds): () => number | null {
  let since: number | null = null;
  /** A time-out is told only after the next request went out on a new connection. */
  let replaced = false;
  client.on('request', () => {
    if (replaced) ends.broken();
    replaced = since !== null;
    since = now();
  });
  client.on('timeout', () => {
    replaced = false;
    ends.timedOut();
  });
  client.on('connError', () => {
    if (since !== null) ends.broken();
    since = null;
  });
  client.on('response', (status, _bytes, milliseconds) => {
    if (replaced) ends.broken();
    replaced = false;
    since = null;
    ends.answered(status, milliseconds);
  });
  return () => {
    if (replaced) ends.broken();
    replaced = false;
    return since === null ? null : now() - since;
  };
}
