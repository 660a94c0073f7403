/** Why a registry did not do what was asked. */
export type RegistryFailure =
  /** It asks for a login, or this login may not. */
  | 'denied'
  /** Too many requests: later. */
  | 'busy'
  /** It does not answer, or answers that something is wrong with it: maybe later. */
  | 'down'
  /** It does not have that. */
  | 'missing'
  | 'other';

const SIGNS: readonly (readonly [RegistryFailure, RegExp])[] = [
  ['busy', /toomanyrequests|too many requests|\b429\b/i],
  [
    'denied',
    /unauthorized|authentication required|no basic auth credentials|access (?:to the requested resource is not|is) denied|\bdenied\b|insufficient_scope|\b40[13]\b/i,
  ],
  ['missing', /manifest unknown|no such manifest|name unknown|manifest for \S+ not found|\bnot found\b/i],
  [
    'down',
    /connection refused|connection reset|no route to host|network is unreachable|i\/o timeout|timeout exceeded|tls handshake timeout|unexpected eof|\bEOF\b|broken pipe|no such host|server misbehaving|\b5\d\d\b|service unavailable|bad gateway|gateway time-?out|internal server error|error pinging/i,
  ],
];

/** Reads what a docker client says of a failed push, pull or look. */
export function classifyFailure(stderr: string): RegistryFailure {
  // Digests and ports hold digits that look like a status.
  const text = stderr.replace(/sha256:[0-9a-f]+/g, '').replace(/:\d+\b/g, '');
  return SIGNS.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other';
}

/** The last thing that was said, without credentials and without what may follow a `?` in an address (tokens, accounts). */
export function lastWords(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return (lines.at(-1) ?? 'no reason given')
    .replace(/^Error response from daemon: /, '')
    .replace(/\/\/[^/@\s"]*@/g, '//')
    .replace(/\?[^\s"]*/g, '')
    .slice(0, 300);
}

/** Milliseconds that a `Retry-After` header asks to wait; null where it says nothing that can be understood. */
export function retryAfter(header: string | null, now: Date): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}
