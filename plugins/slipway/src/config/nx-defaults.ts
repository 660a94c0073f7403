import { isRecord } from './is-record';

/** What `nx.json` already says about releases, so that nobody has to say it twice. */
export interface NxReleaseDefaults {
  readonly tagPattern?: string;
  readonly projects?: readonly string[];
  readonly versioning?: 'independent';
  /** Several; a single group is the release itself. */
  readonly groups?: Readonly<Record<string, NxReleaseGroup>>;
}

export interface NxReleaseGroup {
  readonly projects: readonly string[];
  readonly versioning: 'fixed' | 'independent';
  readonly tagPattern?: string;
}

/** What nx.json says where the file says nothing. Who is in a release is said by one file as a whole. */
export function withNxDefaults(value: unknown, nx: NxReleaseDefaults): unknown {
  if (!isRecord(value)) return value;
  const release = value['release'] ?? {};
  if (!isRecord(release)) return value;
  const groups = ['projects', 'groups', 'versioning'].some((key) => key in release) ? undefined : nx.groups;
  const versioning = release['versioning'] ?? nx.versioning;
  const independent = versioning === 'independent';
  // A pattern belongs to the versioning it was written for.
  const nxPattern = nx.tagPattern?.includes('{projectName}') === independent ? nx.tagPattern : undefined;
  const pattern = nxPattern ?? (independent ? '{projectName}@{version}' : undefined);
  return {
    ...value,
    release: {
      ...(pattern === undefined ? {} : { tagPattern: pattern }),
      ...(versioning === undefined ? {} : { versioning }),
      ...(nx.projects === undefined ? {} : { projects: nx.projects }),
      // As in Nx: where there are groups, nothing else is released.
      ...(groups === undefined ? {} : { groups, projects: [] }),
      ...release,
    },
  };
}
