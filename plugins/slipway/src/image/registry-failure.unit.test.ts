import { classifyFailure, lastWords, retryAfter } from './registry-failure';

it.each([
  ['toomanyrequests: You have reached your pull rate limit', 'busy'],
  ['received unexpected HTTP status: 429 Too Many Requests', 'busy'],
  ['Error response from daemon: Get "http://127.0.0.1:5000/v2/": no basic auth credentials', 'denied'],
  ['unauthorized: authentication required', 'denied'],
  ['denied: requested access to the resource is denied', 'denied'],
  [
    'Error response from daemon: manifest for 127.0.0.1:5429/x/y:2 not found: manifest unknown: manifest unknown',
    'missing',
  ],
  ['no such manifest: 127.0.0.1:5500/x/y:2', 'missing'],
  ['Get "http://127.0.0.1:5401/v2/": dial tcp 127.0.0.1:5401: connect: connection refused', 'down'],
  ['received unexpected HTTP status: 503 Service Unavailable', 'down'],
  ['Head "http://127.0.0.1:5000/v2/x/blobs/sha256:0429": EOF', 'down'],
  ['invalid reference format', 'other'],
])('reads %j as %s', (stderr, kind) => expect(classifyFailure(stderr)).toBe(kind));

it('says the last thing that was said, without credentials', () => {
  const said =
    'Using default tag\nError response from daemon: Get "https://bob:s3cret@auth.example.org/token?account=bob&token=abc": EOF\n';
  expect(lastWords(said)).toBe('Get "https://auth.example.org/token": EOF');
  expect(lastWords('')).toBe('no reason given');
});

it.each([
  ['2', 2_000],
  ['Mon, 23 Nov 2026 00:00:05 GMT', 5_000],
  ['Sun, 22 Nov 2026 00:00:00 GMT', 0],
  ['soon', null],
  [null, null],
])('waits as Retry-After: %s asks', (header, expected) =>
  expect(retryAfter(header, new Date('2026-11-23T00:00:00Z'))).toBe(expected),
);
