import { posix } from 'node:path';
import { asRecord } from '../../config/is-record';
import type { SlipwayConfigInput } from '../../config/schema';

export interface ComposeFile {
  /** Relative to the workspace. */
  readonly path: string;
  readonly content: string;
}

export interface Deployment {
  readonly images: NonNullable<SlipwayConfigInput['images']>;
  readonly environments: NonNullable<SlipwayConfigInput['environments']>;
}

export interface Proposal {
  /** Null where there is nothing to deploy. */
  readonly deployment: Deployment | null;
  /** Files that are no valid YAML; nothing was taken from them. */
  readonly unreadable: readonly string[];
}

/** What no probe asks stays unknown, and an unknown release goes no further. */
const PROBE = { name: 'health', http: '<URL that answers 200 while all is well>' };

interface Workspace {
  /** Whether there is such a file, relative to the workspace. */
  readonly exists: (path: string) => boolean;
  /** Names Compose projects that have no name of their own. */
  readonly name: string;
}

/** Names in files that mean a place releases go to, in the order of promotion. Others (test, dev, override) do not. */
const PROMOTION = ['qa', 'stage', 'staging', 'uat', 'preprod', 'prod', 'production', 'live'];
const LAST = new Set(['prod', 'production', 'live']);

export const COMPOSE_FILE = /^(?:docker-)?compose(?:\.([\w-]+))?\.ya?ml$/;

/**
 * What the Compose files of a workspace tell about images and environments. Only what stands there: a value that must be
 * given and that no file holds is a text in <angle brackets>.
 * @param files where two are for one environment, the first counts.
 */
export function proposeFromCompose(files: readonly ComposeFile[], workspace: Workspace): Proposal {
  const unreadable: string[] = [];
  const parsed = files.flatMap(({ path, content }): Parsed[] => {
    const value = parseYaml(content);
    if (value === undefined) unreadable.push(path);
    return value === undefined ? [] : [{ path, ...value }];
  });
  const places = PROMOTION.flatMap((environment): Place[] => {
    const file = parsed.find(({ path }) => COMPOSE_FILE.exec(posix.basename(path))?.[1] === environment);
    return file ? [{ environment, file }] : [];
  });
  const services = [...new Set(places.flatMap(({ file }) => Object.keys(file.services)))];
  const images = Object.fromEntries(
    services.flatMap((service): [string, Deployment['images'][string]][] => {
      const image = imageOf(service, places, parsed, workspace);
      return image ? [[service, image]] : [];
    }),
  );
  const deployment =
    Object.keys(images).length === 0 ? null : { images, environments: environmentsOf(places, workspace) };
  return { deployment, unreadable };
}

interface Parsed {
  readonly path: string;
  readonly name: unknown;
  readonly services: Readonly<Record<string, unknown>>;
}

interface Place {
  readonly environment: string;
  readonly file: Parsed;
}

function parseYaml(content: string): Omit<Parsed, 'path'> | undefined {
  // Loaded here: most workspaces that start have no Compose file.
  const { parseDocument } = require('yaml') as typeof import('yaml');
  const document = parseDocument(content, { merge: true });
  if (document.errors.length > 0) return undefined;
  const value = asRecord(document.toJS());
  return { name: value['name'], services: asRecord(value['services']) };
}

/** An image of this workspace is one whose Dockerfile is there; others (a database's, say) are not ours to build. */
function imageOf(
  service: string,
  places: readonly Place[],
  files: readonly Parsed[],
  { exists }: Workspace,
): Deployment['images'][string] | null {
  const definitions = [...places.map(({ file }) => file), ...files].flatMap(({ path, services }): Definition[] => {
    const definition = services[service];
    return definition === undefined ? [] : [{ folder: posix.dirname(path), ...asRecord(definition) }];
  });
  const build =
    definitions.map(buildOf).find((candidate) => candidate !== null && exists(candidate.dockerfile)) ??
    besideFile(service, places, exists);
  if (!build) return null;
  const names = definitions.map(({ image }) => imageName(image));
  return {
    dockerfile: build.dockerfile,
    context: [build.context],
    repository: names.find(({ repository }) => repository !== null)?.repository ?? `<name of the image of ${service}>`,
    variable:
      names.find(({ variable }) => variable !== null)?.variable ??
      `<variable that the Compose file takes the image of ${service} from>`,
  };
}

interface Definition {
  readonly folder: string;
  readonly image?: unknown;
  readonly build?: unknown;
}

interface Build {
  readonly dockerfile: string;
  readonly context: string;
}

function buildOf({ folder, build }: Definition): Build | null {
  const { context = '.', dockerfile = 'Dockerfile' } = typeof build === 'string' ? { context: build } : asRecord(build);
  if (build === undefined || typeof context !== 'string' || typeof dockerfile !== 'string') return null;
  const root = posix.join(folder, context).replace(/\/$/, '');
  return root.startsWith('..') || root.startsWith('/')
    ? null
    : { context: root, dockerfile: posix.join(root, dockerfile) };
}

function besideFile(service: string, places: readonly Place[], exists: Workspace['exists']): Build | null {
  const folders = places.map(({ file }) => posix.join(posix.dirname(file.path), service));
  const context = folders.find((folder) => exists(`${folder}/Dockerfile`));
  return context === undefined ? null : { context, dockerfile: `${context}/Dockerfile` };
}

/** Reads `${BACKEND_IMAGE:-shop/backend:1.0.0}`, `${BACKEND_IMAGE}` and `shop/backend:1.0.0`. */
function imageName(image: unknown): { readonly variable: string | null; readonly repository: string | null } {
  const text = typeof image === 'string' ? image : '';
  const variable = /^\$\{?([A-Z][A-Z0-9_]*)(?::?-([^}]*))?[^}]*\}?$/.exec(text);
  const name = variable ? (variable[2] ?? '') : text;
  const repository = /^[\w./-]+(?=[:@]|$)/.exec(name)?.[0] ?? null;
  return { variable: variable?.[1] ?? null, repository };
}

function environmentsOf(places: readonly Place[], { name }: Workspace): Deployment['environments'] {
  const own = places.map(({ file }) =>
    typeof file.name === 'string' && /^[a-z0-9][a-z0-9_-]*$/.test(file.name) ? file.name : null,
  );
  return Object.fromEntries(
    places.map(({ environment, file }, index): [string, Deployment['environments'][string]] => {
      const before = places[index - 1];
      const requires = {
        ...(before ? { verifiedIn: before.environment } : {}),
        ...(LAST.has(environment) ? { tag: true } : {}),
      };
      const named = own[index] ?? null;
      // Two environments of one name would replace each other.
      const project =
        named !== null && own.indexOf(named) === own.lastIndexOf(named) ? named : `${projectName(name)}-${environment}`;
      const required = Object.keys(requires).length > 0 ? { requires } : {};
      return [environment, { compose: file.path, project, ...required, verify: { probes: [PROBE] } }];
    }),
  );
}

function projectName(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/^@[^/]*\//, '')
      .replaceAll(/[^a-z0-9_-]+/g, '-')
      .replace(/^[_-]+/, '') || 'release'
  );
}
