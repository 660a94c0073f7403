import { parseAddress, showAddress } from './address';

describe('addresses', () => {
  it.each([
    ['http://user:s3cret@host:9090/path?x=1', 'http://***@host:9090/path?x=1'],
    ['https://${USER}:${PASS}@host/', 'https://***@host/'],
    ['http://127.0.0.1:${PORT:-80}/health/', 'http://127.0.0.1:${PORT:-80}/health/'],
    ['http://host/?api_key=abc&page=2&access_token=def', 'http://host/?api_key=***&page=2&access_token=***'],
    ['curl -f --retry 1 http://user:s3cret@host/health', 'curl -f --retry 1 http://***@host/health'],
    ['pg_isready -d postgresql://shop:s3cret@db/shop -U x@y', 'pg_isready -d postgresql://***@db/shop -U x@y'],
  ])('%s is shown as %s', (url, shown) => {
    expect(showAddress(url)).toBe(shown);
  });

  it('take their credentials out, as a header', () => {
    expect(parseAddress('http://user:p%40ss@host:1/a')).toEqual({
      url: 'http://host:1/a',
      authorization: `Basic ${Buffer.from('user:p@ss').toString('base64')}`,
      secrets: ['user', 'p%40ss', 'user', 'p@ss', 'dXNlcjpwQHNz'],
    });
    expect(parseAddress('http://host/')).toMatchObject({ url: 'http://host/', authorization: null });
    expect(parseAddress('host')).toBeNull();
  });
});
