import fc from 'fast-check';
import { entropyOf, SECRET_RULES } from './secret-rules';
import { judgeSecrets, type AddedText } from './secrets';

/** Put together here, so that no scanner takes this file for a leak. */
const join = (...parts: readonly string[]): string => parts.join('');
const RANDOM = 'k8Xq2Vb7Lm4Rt9Zc1Nw6Hs3Jd5Fg0PyTe2Ua7Bo';
const GITHUB = join('gh', 'p_', RANDOM.slice(0, 36));

function lines(path: string, ...texts: readonly string[]): AddedText[] {
  return texts.map((text, index) => ({ path, line: index + 1, text }));
}

function rulesIn(...texts: readonly string[]): (string | undefined)[] {
  return judgeSecrets(lines('src/a.ts', ...texts)).findings.map(({ fingerprint }) => fingerprint?.split(':')[1]);
}

describe('secrets in added lines', () => {
  it.each([
    ['aws-access-key', join('key = AK', 'IAQ3EGRV7KX2MZ5JTW')],
    ['github-token', `token: ${GITHUB}`],
    ['github-token', join('github', '_pat_', RANDOM.slice(0, 22), '_', RANDOM, RANDOM.slice(0, 20))],
    ['gitlab-token', join('gl', 'pat-', RANDOM.slice(0, 20))],
    ['slack-token', join('xox', 'b-2211445566-', RANDOM)],
    ['slack-webhook', join('https://hooks.slack', '.com/services/T01ABCDEF/B01ABCDEF/', RANDOM.slice(0, 24))],
    ['npm-token', join('//registry/:_authToken=np', 'm_', RANDOM.slice(0, 36))],
    ['pypi-token', join('py', 'pi-AgEIcHlwaS5vcmc', RANDOM, RANDOM)],
    ['google-api-key', join('AI', 'za', RANDOM.slice(0, 35))],
    ['stripe-key', join('sk', '_live_', RANDOM.slice(0, 24))],
    ['sendgrid-key', join('SG', '.', RANDOM.slice(0, 22), '.', RANDOM, 'abcd')],
    ['ai-api-key', join('sk', '-ant-api03-', RANDOM)],
    ['jwt', join('ey', 'JhbGciOiJIUzI1NiJ9.ey', 'JzdWIiOiI0MiJ9x.', RANDOM)],
    ['url-password', join('DATABASE_URL=postgres://desk:', 'Zk4-qT9w', '@db:5432/desk')],
    ['url-password', join("const url = 'https://bot:", RANDOM.slice(0, 12), "@git.test/x'")],
    ['assigned-secret', join('password = "', 'Zk4qT9wLr2', '"')],
    ['assigned-secret', join("  'api-key': '", RANDOM.slice(0, 20), "',")],
    ['assigned-secret', join('export DJANGO_SECRET_KEY=', RANDOM, ' # prod')],
    ['assigned-secret', join('      client_secret: ', RANDOM.slice(0, 16))],
  ])('are found by their form: %s', (rule, text) => {
    expect(rulesIn(text)).toEqual([rule]);
  });

  it('are found in private keys, by what follows the first line', () => {
    const begin = join('-----BEGIN RSA ', 'PRIVATE KEY-----');
    expect(rulesIn(begin, `${RANDOM}${RANDOM}`)).toEqual(['private-key']);
    expect(rulesIn(`"${begin}\\n${RANDOM}\\n"`)).toEqual(['private-key']);
    expect(rulesIn(`A file that starts with ${begin} is a key.`, 'Never commit one.')).toEqual([]);
    expect(rulesIn(begin)).toEqual([]);
  });

  it.each([
    ['an example', 'password = "example-password-1"'],
    ['a template', 'password = "${DB_PASSWORD_2}"'],
    ['another template', 'SECRET_KEY={{ vault_key_2024 }}'],
    ['a place to fill in', 'API_TOKEN=<your-token-123>'],
    ['a variable', 'password: process.env.DB_PASSWORD'],
    ['a name', 'const tokenName = "csrfmiddlewaretoken"'],
    ['a call', 'token = get_token(user_2)'],
    ['a path', 'privateKey: "/etc/keys/id_ed25519"'],
    ['an address', 'tokenUrl: "https://auth.test/oauth2/token"'],
    ['a value that everybody has', 'postgres://postgres:postgres@localhost/test'],
    ['an address without a password', 'https://git.test:8443/@scope/name'],
    ['a template in an address', 'postgres://desk:${POSTGRES_PASSWORD}@db/desk'],
    ['stars', 'password = "*********1a"'],
    ["the documentation's key", join('AK', 'IAIOSFODNN7EXAMPLE')],
    ['a hash', '"integrity": "sha512-abcDEF123456+/abcDEF123456=="'],
    ['prose', 'The password is at least 12 characters long; tokens expire after 30 days.'],
    ['a short value', 'pin_token = "a1b2c3"'],
  ])('are not seen in %s', (_, text) => {
    expect(rulesIn(text)).toEqual([]);
  });

  it('fail, with the place and a fingerprint that does not move with the line', () => {
    const result = judgeSecrets([{ path: 'a.env', line: 7, text: `TOKEN=${GITHUB}` }]);
    expect(result).toMatchObject({
      check: 'secrets',
      verdict: 'fail',
      reason: '1 secret in 1 added line',
      measured: 1,
      limit: 0,
      unit: 'count',
      findings: [{ title: 'GitHub token: ghp_… (40 characters)', file: 'a.env', line: 7, severity: 'critical' }],
    });
    const [moved] = judgeSecrets([{ path: 'a.env', line: 99, text: `  TOKEN = ${GITHUB} ` }]).findings;
    expect(moved?.fingerprint).toBe(result.findings[0]?.fingerprint);
    const [changed] = judgeSecrets([{ path: 'a.env', line: 7, text: `TOKEN=${GITHUB.replace('k8', 'K9')}` }]).findings;
    expect(changed?.fingerprint).not.toBe(result.findings[0]?.fingerprint);
  });

  it('pass where there are none', () => {
    expect(judgeSecrets([])).toMatchObject({ verdict: 'pass', reason: 'no lines were added' });
    expect(judgeSecrets(lines('a', 'one', 'two'))).toMatchObject({
      verdict: 'pass',
      reason: 'no secret found in 2 added lines',
      findings: [],
    });
  });

  it('are let pass by a mark with a reason, in the line or the one before it', () => {
    const result = judgeSecrets(
      lines(
        'a.ts',
        `x = '${GITHUB}' // slipway:allow-secret made up for a test`,
        '/* slipway:allow-secret revoked */',
        GITHUB,
      ),
    );
    expect(result.verdict).toBe('pass');
    expect(result.warnings).toEqual(['a.ts:1 (made up for a test), a.ts:3 (revoked) are marked as no secrets']);
  });

  it('are not let pass by a mark without a reason, or on another line', () => {
    expect(rulesIn(`${GITHUB} // slipway:allow-secret`)).toEqual(['github-token']);
    expect(rulesIn(`${GITHUB} /* slipway:allow-secret */`)).toEqual(['github-token']);
    expect(rulesIn('// slipway:allow-secret test data', '', GITHUB)).toEqual(['github-token']);
    const apart = [
      { path: 'a', line: 1, text: '// slipway:allow-secret test data' },
      { path: 'b', line: 2, text: GITHUB },
    ];
    expect(judgeSecrets(apart).verdict).toBe('fail');
  });

  it('are told apart in a line, each once', () => {
    const other = join('gl', 'pat-', RANDOM.slice(5, 25));
    expect(rulesIn(`"token": "${GITHUB}", "token": "${other}", "again": "${GITHUB}"`)).toEqual([
      'github-token',
      'gitlab-token',
    ]);
  });

  it('are found anywhere in a line of any length', () => {
    const long = 'var a=1;'.repeat(100_000);
    for (const at of [0, 3_390, 3_990, 4_000, 400_004, long.length]) {
      expect(rulesIn(`${long.slice(0, at)} ${GITHUB} ${long.slice(at)}`)).toEqual(['github-token']);
    }
  });

  it('tell what nobody looked at', () => {
    expect(judgeSecrets([], ['logo.png']).warnings).toEqual(['logo.png is binary, and was not looked at']);
  });

  it('are never part of the result, whatever surrounds them', () => {
    const text = fc.string({ maxLength: 20 });
    const secret = fc.constantFrom(
      GITHUB,
      join('AI', 'za', RANDOM.slice(0, 35)),
      join('postgres://desk:', 'Zk4-qT9w', '@db/desk'),
    );
    fc.assert(
      fc.property(text, secret, text, (before, inner, after) => {
        const said = JSON.stringify(judgeSecrets(lines('a', `${before} ${inner} ${after}`)));
        expect(said).not.toContain(inner);
        expect(said).not.toContain(inner.slice(0, 20));
        expect(said).not.toContain('Zk4-qT9w');
      }),
    );
  });

  it('are looked for by patterns that end, whatever the text', () => {
    const bait = [
      'password'.repeat(500),
      'a'.repeat(4_000),
      '-'.repeat(4_000),
      ':'.repeat(4_000),
      'eyJ.'.repeat(1_000),
    ];
    for (const text of bait) for (const { pattern } of SECRET_RULES) expect([...text.matchAll(pattern)]).toEqual([]);
  });
});

describe('entropy', () => {
  it.each([
    ['aaaa', 0],
    ['abab', 1],
    ['abcdefgh', 3],
    ['', 0],
  ])('of %j is %d bits a character', (text, bits) => {
    expect(entropyOf(text)).toBeCloseTo(bits);
  });
});
