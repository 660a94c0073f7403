import fc from 'fast-check';
import { linksOf } from './remote-links';

describe('linksOf', () => {
  it.each([
    ['https://github.com/acme/shop.git', 'https://github.com/acme/shop'],
    ['https://github.com/acme/shop', 'https://github.com/acme/shop'],
    ['https://www.GitHub.com/acme/shop/', 'https://github.com/acme/shop'],
    ['git@github.com:acme/shop.git', 'https://github.com/acme/shop'],
    ['github.com:acme/shop', 'https://github.com/acme/shop'],
    ['ssh://git@github.com:22/acme/shop.git', 'https://github.com/acme/shop'],
    ['ssh://git@ssh.github.com:443/acme/shop.git', 'https://github.com/acme/shop'],
    ['git://github.com/acme/shop.git', 'https://github.com/acme/shop'],
    ['https://ada:secret@github.com/acme/shop.git?token=secret#secret', 'https://github.com/acme/shop'],
    ['https://codeberg.org/acme/shop.git', 'https://codeberg.org/acme/shop'],
    ['git@gitea.example.test:acme/shop.git', 'https://gitea.example.test/acme/shop'],
    ['http://forgejo.example.test:3000/acme/shop.git', 'http://forgejo.example.test:3000/acme/shop'],
  ])('%s', (remote, home) => {
    const links = linksOf(remote);
    expect(links?.commit('0123456')).toBe(`${home}/commit/0123456`);
    expect(links?.compare('v1.0.0', 'v1.1.0')).toBe(`${home}/compare/v1.0.0...v1.1.0`);
    expect(links?.issue('#12')).toBe(`${home}/issues/12`);
  });

  it.each([
    ['git@gitlab.com:acme/web/shop.git', 'https://gitlab.com/acme/web/shop'],
    ['https://oauth2:secret@gitlab.example.test:8443/acme/shop.git', 'https://gitlab.example.test:8443/acme/shop'],
  ])("%s has GitLab's pages", (remote, home) => {
    const links = linksOf(remote);
    expect(links?.commit('0123456')).toBe(`${home}/-/commit/0123456`);
    expect(links?.compare('a', 'b')).toBe(`${home}/-/compare/a...b`);
    expect(links?.issue('#12')).toBe(`${home}/-/issues/12`);
    expect(links?.issue('!12')).toBe(`${home}/-/merge_requests/12`);
    expect(links?.issue('acme/a/b#3')).toBe(`${new URL(home).origin}/acme/a/b/-/issues/3`);
  });

  it("has Bitbucket's pages", () => {
    const links = linksOf('git@bitbucket.org:acme/shop.git');
    expect(links?.commit('0123456')).toBe('https://bitbucket.org/acme/shop/commits/0123456');
    expect(links?.compare('v1.0.0', 'v1.1.0')).toBe('https://bitbucket.org/acme/shop/branches/compare/v1.1.0%0Dv1.0.0');
    expect(links?.issue('!12')).toBeNull();
  });

  it('finds issues of other repositories, and leaves alone what it does not know', () => {
    const links = linksOf('https://github.com/acme/shop');
    expect(links?.issue('acme/other#3')).toBe('https://github.com/acme/other/issues/3');
    expect(links?.issue('gh-3')).toBe('https://github.com/acme/shop/issues/3');
    for (const unknown of ['JIRA-3', '!3', '#x', 'a/b/c#3', '../x#3', 'acme/other#3)', '', '#1234567890']) {
      expect(links?.issue(unknown)).toBeNull();
    }
  });

  it('writes names of tags as one piece of a URL', () => {
    expect(linksOf('https://github.com/acme/shop')?.compare('@acme/ui@1.0.0', "a(b)'")).toBe(
      'https://github.com/acme/shop/compare/%40acme%2Fui%401.0.0...a%28b%29%27',
    );
  });

  it.each([
    null,
    '',
    '/srv/git/shop.git',
    '../shop',
    'C:\\git\\shop',
    'C:/git/shop',
    'file:///srv/git/shop.git',
    'https://git.example.test/acme/shop.git',
    'https://bitbucket.example.test/scm/acme/shop.git',
    'https://notgithub.com/acme/shop',
    'https://constructor/acme/shop',
    'https://constructor.example.test/acme/shop',
    'https://github.com.example.test/acme/shop/x',
    'https://github.com/acme',
    'https://github.com/acme/shop/tree/main',
    'https://github.com/acme/<b>',
    'https://github.com/acme/..',
    'https://[::1',
    'javascript://github.com/acme/shop',
  ])('has no links for %j', (remote) => {
    expect(linksOf(remote)).toBeNull();
  });

  it('never shows credentials, and never leaves its URL', () => {
    const part = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
    const secret = fc.stringMatching(/^[A-Za-z0-9]{12}$/).map((text) => `S3cret${text}`);
    fc.assert(
      fc.property(secret, part, part, part, (password, user, from, reference) => {
        for (const remote of [
          `https://${encodeURIComponent(user)}:${password}@github.com/acme/shop.git`,
          `https://${password}@gitlab.example.test/acme/shop`,
          `ssh://${password}@github.com/acme/shop`,
          `${password}@github.com:acme/shop`,
          `https://github.com/acme/shop?private_token=${password}`,
        ]) {
          const links = linksOf(remote);
          const urls = [links?.commit(from), links?.compare(from, from), links?.issue(reference), links?.issue('#1')];
          for (const url of urls) {
            if (url === undefined || url === null) continue;
            expect(url).not.toContain(password);
            expect(url).toMatch(/^https:\/\/(github\.com|gitlab\.example\.test)\/acme\/[^\s()<>[\]"'`\\]*$/);
          }
        }
      }),
    );
  });
});
