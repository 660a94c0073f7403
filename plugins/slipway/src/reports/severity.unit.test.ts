import { componentOfPurl, toComponent } from './component';
import { firstFix, fixAfterRange, fixInRange } from './fixed-version';
import { severityOfScore, severityOfVector, toSeverity, worstSeverity } from './severity';

describe('a severity', () => {
  it.each([
    ['CRITICAL', 'critical'],
    ['moderate', 'medium'],
    ['Negligible', 'info'],
    ['', 'unknown'],
    [null, 'unknown'],
    ['constructor', 'unknown'],
  ])('by name: %j is %s', (name, severity) => expect(toSeverity(name)).toBe(severity));

  it.each([
    [10, 'critical'],
    [9, 'critical'],
    [8.9, 'high'],
    [7, 'high'],
    [6.9, 'medium'],
    [4, 'medium'],
    [3.9, 'low'],
    [0, 'info'],
    [10.1, 'unknown'],
    [-1, 'unknown'],
    [NaN, 'unknown'],
    [null, 'unknown'],
  ])('by score: %j is %s', (score, severity) => expect(severityOfScore(score)).toBe(severity));

  it.each([
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 'critical'],
    ['CVSS:3.0/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:H', 'medium'],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 'critical'],
    ['AV:N/AC:L/Au:N/C:P/I:P/A:P', 'high'],
    ['CVSS:3.1/AV:N', 'unknown'],
    ['CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 'unknown'],
    ['CVSS:9.9/AV:N', 'unknown'],
    ['', 'unknown'],
  ])('by vector: %s is %s', (vector, severity) => expect(severityOfVector(vector)).toBe(severity));

  it('of several sources is the worst that is known', () => {
    expect(worstSeverity(['unknown', 'low', 'medium'])).toBe('medium');
    expect(worstSeverity(['unknown'])).toBe('unknown');
    expect(worstSeverity([])).toBe('unknown');
  });
});

describe('a component', () => {
  it.each([
    ['pkg:npm/%40babel/core@7.0.0', 'npm @babel/core 7.0.0'],
    ['pkg:npm/lodash@4.17.20', 'npm lodash 4.17.20'],
    ['pkg:pypi/Django_Rest@3', 'pypi django-rest 3'],
    ['pkg:deb/debian/openssl@1.1.1-1%2Bdeb?arch=amd64', 'deb openssl 1.1.1-1+deb'],
    ['pkg:maven/org.slf4j/slf4j-api@2.0', 'maven org.slf4j:slf4j-api 2.0'],
    ['pkg:golang/github.com/a/b@v1#sub/path', 'golang github.com/a/b v1'],
    ['pkg:npm/%E0%A4%A@1', 'npm %E0%A4%A 1'],
    ['pkg:npm/lodash', 'npm lodash null'],
  ])('by package URL: %s', (purl, expected) => {
    const component = componentOfPurl(purl);
    expect(`${component?.ecosystem} ${component?.name} ${component?.version}`).toBe(expected);
  });

  it.each(['lodash', 'pkg:', 'pkg:npm/', 'pkg:npm//', '', null])('is not told by %j', (purl) => {
    expect(componentOfPurl(purl)).toBeNull();
  });

  it.each([
    ['Debian:12', 'deb'],
    ['PyPI', 'pypi'],
    ['node-pkg', 'npm'],
    ['something-new', 'something-new'],
    ['', null],
  ])('of ecosystem %j is of %j', (name, ecosystem) => expect(toComponent(name, 'a').ecosystem).toBe(ecosystem));
});

describe('the version that mends it', () => {
  it.each([
    [['5.0.1', '3.2.20', '4.2.3'], '4.2.0', '4.2.3'],
    [['5.0.1', '3.2.20', '4.2.3'], '4.10.0', '5.0.1'],
    [['5.0.1', '3.2.20'], null, '5.0.1'],
    [['1.0.0'], '2.0.0', null],
    [[], '2.0.0', null],
  ])('of %j for who has %j is %j', (candidates, installed, fix) => {
    expect(firstFix(candidates, installed)).toBe(fix);
  });

  it.each([
    ['<4.17.21', null, '4.17.21'],
    ['>=1.0.0 <1.2.3 || >=2.0.0 <2.1.0', '1.1.0', '1.2.3'],
    ['>=1.0.0 <1.2.3 || >=2.0.0', null, null],
    ['*', null, null],
    ['<=1.2.3', null, null],
    [null, null, null],
  ])('after the range %j for who has %j is %j', (range, installed, fix) => {
    expect(fixAfterRange(range, installed)).toBe(fix);
  });

  it.each([
    ['>=4.17.21', '4.17.21'],
    ['>=1.2.3 <2.0.0 || >=2.1.0', '2.1.0'],
    ['<0.0.0', null],
    [null, null],
  ])('in the range %j is %j', (range, fix) => expect(fixInRange(range)).toBe(fix));
});
