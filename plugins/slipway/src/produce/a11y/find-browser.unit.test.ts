import { findBrowser } from './find-browser';

const there =
  (...paths: readonly string[]) =>
  (path: string) =>
    paths.includes(path);

it.each([
  ['the configured one first', '/a', { CHROMIUM: '/b', CHROME_PATH: '/c' }, '/a'],
  ['then CHROMIUM', undefined, { CHROMIUM: '/b', CHROME_PATH: '/c' }, '/b'],
  ['then CHROME_PATH', undefined, { CHROMIUM: '', CHROME_PATH: '/c' }, '/c'],
  ['then what is on the PATH', undefined, { PATH: '/x:/bin' }, '/bin/google-chrome'],
  ['then the usual places', undefined, {}, '/snap/bin/chromium'],
])('takes %s', (_title, configured, env, expected) => {
  const runs = there('/a', '/b', '/c', '/bin/google-chrome', '/snap/bin/chromium');
  expect(findBrowser(configured, env, runs)).toBe(expected);
});

it('says which named browser can not be run, and takes no other one', () => {
  expect(() => findBrowser('/gone', {}, there('/usr/bin/chromium'))).toThrow(
    '/gone, named by browser in slipway.json, is no program that can be run',
  );
  expect(() => findBrowser(undefined, { CHROME_PATH: '/gone' }, there())).toThrow('named by CHROME_PATH');
});

it('says how to get one where there is none', () => {
  let thrown: unknown;
  try {
    findBrowser(undefined, { PATH: '/bin' }, there());
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({
    message: 'no Chromium was found to open pages with',
    remedy: expect.stringContaining('apt-get install chromium'),
  });
});
