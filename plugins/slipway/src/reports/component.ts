import { percentDecoded } from '../io/percent-decoded';
import type { SecurityFinding } from './report';

export type Component = NonNullable<SecurityFinding['component']>;

/** What tools call package ecosystems, in lower case, by the type that package URLs use. */
const ECOSYSTEMS: Readonly<Record<string, string>> = {
  'node-pkg': 'npm',
  node: 'npm',
  yarn: 'npm',
  pnpm: 'npm',
  bun: 'npm',
  python: 'pypi',
  'python-pkg': 'pypi',
  pip: 'pypi',
  pipenv: 'pypi',
  poetry: 'pypi',
  uv: 'pypi',
  conda: 'conda',
  debian: 'deb',
  ubuntu: 'deb',
  alpine: 'apk',
  wolfi: 'apk',
  chainguard: 'apk',
  redhat: 'rpm',
  'red hat': 'rpm',
  centos: 'rpm',
  rocky: 'rpm',
  'rocky linux': 'rpm',
  alma: 'rpm',
  almalinux: 'rpm',
  amazon: 'rpm',
  oracle: 'rpm',
  fedora: 'rpm',
  suse: 'rpm',
  opensuse: 'rpm',
  go: 'golang',
  gomod: 'golang',
  gobinary: 'golang',
  'go-module': 'golang',
  'java-archive': 'maven',
  jar: 'maven',
  pom: 'maven',
  gradle: 'maven',
  rubygems: 'gem',
  bundler: 'gem',
  gemspec: 'gem',
  'crates.io': 'cargo',
  'rust-crate': 'cargo',
  rustbinary: 'cargo',
  packagist: 'composer',
  'php-composer': 'composer',
};

/** One name for an ecosystem, whatever tool tells of it: the type of package URLs, e.g. `npm`, `pypi`, `deb`. */
function toEcosystem(name: string | null | undefined): string | null {
  // OSV adds the release, as in `Debian:12`.
  const key = (name ?? '').split(':')[0]?.trim().toLowerCase() ?? '';
  if (key === '') return null;
  return (Object.hasOwn(ECOSYSTEMS, key) ? ECOSYSTEMS[key] : key) ?? key;
}

export function toComponent(ecosystem: string | null | undefined, name: string, version?: string | null): Component {
  const known = toEcosystem(ecosystem);
  return { ecosystem: known, name: known === 'pypi' ? pypiName(name) : name, version: version || null };
}

/** PyPI takes `Django_Rest.x` and `django-rest-x` for the same (PEP 503). */
function pypiName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** Ecosystems whose packages are called by the namespace as well, and what stands between. */
const JOINED: Readonly<Record<string, string>> = { npm: '/', golang: '/', composer: '/', maven: ':' };

/**
 * A package URL (`pkg:npm/%40babel/core@7.0.0`) as a component; null for anything else. Qualifiers and subpath are left out.
 * The form is that of the package URL specification.
 */
export function componentOfPurl(purl: string | null | undefined): Component | null {
  const match = /^pkg:\/{0,2}([A-Za-z0-9.+-]{1,50})\/([^?#]{1,1000})/.exec(purl ?? '');
  if (!match) return null;
  const [, type = '', rest = ''] = match;
  const at = rest.lastIndexOf('@');
  const path = at > 0 ? rest.slice(0, at) : rest;
  const segments = path.split('/').filter((segment) => segment !== '');
  const decoded = segments.map(percentDecoded);
  const name = decoded.pop();
  if (name === undefined) return null;
  const separator = JOINED[type.toLowerCase()];
  const full = separator === undefined || decoded.length === 0 ? name : `${decoded.join('/')}${separator}${name}`;
  return toComponent(type, full, at > 0 ? percentDecoded(rest.slice(at + 1)) : null);
}
