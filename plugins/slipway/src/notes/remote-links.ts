/** Pages of the place that hosts a repository. Every URL is safe within Markdown. */
export interface RemoteLinks {
  /** @param id full or abbreviated. */
  commit(id: string): string;
  /** All changes between two tags, branches or commits. */
  compare(from: string, to: string): string;
  /** @param reference as commits write it: `#12`, `owner/name#12`, GitLab's `!12`. Null for one that the host knows no page of. */
  issue(reference: string): string | null;
}

/**
 * What can be linked to, by the URL of a git remote: `https://…`, `ssh://…` or `git@host:owner/name.git`. Credentials, port
 * of ssh and query in it are dropped. Hosts that are not known have no links rather than wrong ones; a host of one's own is
 * known by a name such as `gitlab.example.com`.
 *
 * A small table rather than hosted-git-info, which knows no hosts of one's own, no Gitea, and no page that compares.
 */
export function linksOf(remoteUrl: string | null): RemoteLinks | null {
  const place = remoteUrl === null ? null : locate(remoteUrl.trim());
  if (place === null) return null;
  const site = SITES.get(place.host) ?? OWN_SITES.get(place.host.split('.')[0] ?? '');
  if (site === undefined || place.path.length < 2 || (place.path.length > 2 && site.subgroups !== true)) return null;
  const home = `${place.origin}/${place.path.map(encode).join('/')}`;
  return {
    commit: (id) => `${home}/${site.commit}/${encode(id)}`,
    compare: (from, to) => `${home}/${site.compare(encode(from), encode(to))}`,
    issue: (reference) => {
      const { path, mark, number } = REFERENCE.exec(reference)?.groups ?? {};
      const page = mark === undefined ? undefined : site.references[mark.toUpperCase()];
      if (page === undefined || number === undefined) return null;
      if (path === undefined || path === '') return `${home}/${page}/${number}`;
      const segments = path.split('/');
      if (segments.length > 2 && site.subgroups !== true) return null;
      return segments.every(isSegment) ? `${place.origin}/${segments.map(encode).join('/')}/${page}/${number}` : null;
    },
  };
}

interface Site {
  readonly commit: string;
  readonly compare: (from: string, to: string) => string;
  /** Page of a reference, by what stands before its number. */
  readonly references: Readonly<Record<string, string>>;
  /** Whether a repository may lie deeper than `owner/name`. */
  readonly subgroups?: true;
}

const dots = (from: string, to: string): string => `compare/${from}...${to}`;
// GitHub and Gitea lead from an issue's page to the pull request where the number is one's.
const github: Site = { commit: 'commit', compare: dots, references: { '#': 'issues', 'GH-': 'issues' } };
const gitea: Site = { commit: 'commit', compare: dots, references: { '#': 'issues', '!': 'pulls' } };
const gitlab: Site = {
  commit: '-/commit',
  compare: (from, to) => `-/${dots(from, to)}`,
  references: { '#': '-/issues', '!': '-/merge_requests' },
  subgroups: true,
};
const bitbucket: Site = {
  commit: 'commits',
  // Newest first, with a carriage return between them.
  compare: (from, to) => `branches/compare/${to}%0D${from}`,
  references: { '#': 'issues' },
};

const SITES: ReadonlyMap<string, Site> = new Map([
  ['github.com', github],
  ['gitlab.com', gitlab],
  ['bitbucket.org', bitbucket],
  ['codeberg.org', gitea],
  ['gitea.com', gitea],
]);

/** By the first label of the host's name. Not Bitbucket, which has other pages where one hosts it oneself. */
const OWN_SITES: ReadonlyMap<string, Site> = new Map([
  ['github', github],
  ['gitlab', gitlab],
  ['gitea', gitea],
  ['forgejo', gitea],
]);

/** Names by which the same host is reached where only the port of https is open. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['www.github.com', 'github.com'],
  ['ssh.github.com', 'github.com'],
  ['www.gitlab.com', 'gitlab.com'],
  ['altssh.gitlab.com', 'gitlab.com'],
  ['altssh.bitbucket.org', 'bitbucket.org'],
]);

const REFERENCE = /^(?<path>[\w.-]+(?:\/[\w.-]+)+)?(?<mark>#|!|GH-)(?<number>\d{1,9})$/i;
const SCP_LIKE = /^(?:[^@/\s]+@)?(?<host>[\w-]+(?:\.[\w-]+)+):(?!\/\/)(?<path>.+)$/;
const WEB = new Set(['https:', 'http:']);
const REMOTES = new Set([...WEB, 'ssh:', 'git:', 'git+ssh:', 'git+https:', 'ssh+git:']);

interface Place {
  /** Scheme, host, and for the web its port. */
  readonly origin: string;
  readonly host: string;
  readonly path: readonly string[];
}

function locate(remote: string): Place | null {
  if (!remote.includes('://')) {
    const { host, path } = SCP_LIKE.exec(remote)?.groups ?? {};
    return host === undefined || path === undefined ? null : place('https:', host, '', path);
  }
  if (!URL.canParse(remote)) return null;
  const { protocol, hostname, port, pathname } = new URL(remote);
  if (!REMOTES.has(protocol)) return null;
  return WEB.has(protocol) ? place(protocol, hostname, port, pathname) : place('https:', hostname, '', pathname);
}

function place(scheme: string, name: string, port: string, pathname: string): Place | null {
  const lowered = name.toLowerCase();
  const host = ALIASES.get(lowered) ?? lowered;
  const segments = pathname
    .replace(/\/+$/, '')
    .replace(/\.git$/i, '')
    .split('/')
    .filter((segment) => segment !== '');
  if (!segments.every(isSegment)) return null;
  return { origin: `${scheme}//${host}${port === '' ? '' : `:${port}`}`, host, path: segments };
}

/** Letters that the hosts allow; what is left out could only be an attack or a mistake. */
function isSegment(segment: string): boolean {
  return /^[\w.~+-]+$/.test(segment) && segment !== '.' && segment !== '..';
}

/** Also the brackets that would end a link of Markdown. */
function encode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
