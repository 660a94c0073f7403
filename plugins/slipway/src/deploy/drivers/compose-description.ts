import { isDeepStrictEqual } from 'node:util';
import { docker, EngineError } from '../../image/engine';
import type { RunResult } from '../../io/exec';
import type { DeployedRelease } from '../../ledger/events';
import type { EnvironmentFiles } from '../environment-files';
import { lastLines, sanitise, secretsOf } from '../sanitise';
import { COMMIT_LABEL, VERSION_LABEL, VERSIONLESS_LABEL } from './compose-containers';
import { composeArguments, composeEnvironment, toolsEnvironment } from './compose-files';
import { digestsFor, type ComposeHost } from './compose-host';
import { readProject } from './described-service';

/** A rendered Compose file: every variable is filled in, so it gives the same containers at any later time. Holds secrets. */
export type Rendering = { readonly text: string } | { readonly problem: string; readonly remedy: string };

type Document = Record<string, unknown> & { readonly services?: Readonly<Record<string, Record<string, unknown>>> };

/**
 * Renders the compose file of a release with the environment's variables, and labels its services with the release.
 * Deterministic. Touches nothing.
 */
export async function renderDescription(
  host: ComposeHost,
  release: DeployedRelease,
  source: string,
  files: EnvironmentFiles,
): Promise<Rendering> {
  // Told apart by rendering twice: what does not know the release is the same in each, and is left alone by a deployment.
  const [rendered, other] = await Promise.all([
    render(host, release, source, files),
    render(host, { ...release, version: '0.0.0-slipway.other', commit: '0'.repeat(40) }, source, files),
  ]);
  const failed = [rendered, other].find(({ exitCode }) => exitCode !== 0);
  if (failed !== undefined) {
    const said = lastLines(sanitise(failed.stderr, secretsOf(files.variables)), 3).join(' ');
    return {
      problem: `Docker Compose does not take ${host.config.compose} with the variables of ${host.environment}: ${said}`,
      remedy:
        'correct the variable that it names in an environment file, or the compose file; Docker Compose v2 is needed',
    };
  }
  const labelled = label(parse(rendered.stdout), parse(other.stdout), release, Object.keys(digestsFor(host, release)));
  return { text: `${JSON.stringify(labelled, null, 2)}\n` };
}

/**
 * Whether Compose reads a description as what it says: rendering it again must give the same. A `$` that it would fill in a second time
 * shows here; without one there is nothing that it could fill in, and it is not asked.
 */
export async function rendersAsIs(host: ComposeHost, text: string): Promise<boolean> {
  if (!text.includes('$')) return true;
  const result = await docker(
    host.world.run,
    [...descriptionArguments(host, '-'), 'config', '--format', 'json'],
    // Of variables that it could take, none is there.
    { env: toolsEnvironment(host.world.env), input: text },
  );
  return result.exitCode === 0 && isDeepStrictEqual(parse(result.stdout), JSON.parse(text));
}

/** Arguments of `docker compose` for a description as its only file, with no variables. */
export function descriptionArguments({ world, config }: ComposeHost, file: string): readonly string[] {
  const [compose = 'compose', ...rest] = composeArguments(world.root, config, [file], []);
  // What is in a description was chosen when it was rendered.
  return [compose, '--profile', '*', ...rest];
}

/** Environment for a description: nothing but what its secrets and configs take their content from. */
export function descriptionEnvironment(
  { world }: ComposeHost,
  text: string,
  files: EnvironmentFiles,
): Record<string, string | undefined> {
  const content = readProject(text).contentVariables.map((name) => [name, files.variables.get(name)] as const);
  return { ...toolsEnvironment(world.env), ...Object.fromEntries(content) };
}

/** The description of a release, where nothing can be wrong with it any more. @throws {EngineError} */
export async function requireDescription(
  host: ComposeHost,
  release: DeployedRelease,
  source: string | null,
  files: EnvironmentFiles,
): Promise<string> {
  if (source === null) {
    throw new EngineError(
      `${host.config.compose} does not exist at commit ${release.commit.slice(0, 10)} of ${release.version}`,
      'git fetch, then try again',
    );
  }
  const rendering = await renderDescription(host, release, source, files);
  if ('problem' in rendering) throw new EngineError(rendering.problem, rendering.remedy);
  return rendering.text;
}

function render(
  host: ComposeHost,
  release: DeployedRelease,
  source: string,
  files: EnvironmentFiles,
): Promise<RunResult> {
  const { world, config, images } = host;
  return docker(
    world.run,
    [...composeArguments(world.root, config, ['-'], files.paths), 'config', '--format', 'json'],
    {
      env: composeEnvironment(world.env, release, images),
      input: source,
    },
  );
}

function parse(text: string): Document {
  return JSON.parse(text) as Document;
}

/** Gives each of the release's services labels to know it by; one that takes neither version nor commit gets the same in every release. */
function label(document: Document, other: Document, release: DeployedRelease, services: readonly string[]): Document {
  const { services: all = {}, ...shared } = document;
  const { services: others = {}, ...othersShared } = other;
  const sameAround = isDeepStrictEqual(shared, othersShared);
  const own = { [VERSION_LABEL]: release.version, [COMMIT_LABEL]: release.commit };
  const labelled = Object.entries(all).map(([name, service]) => {
    if (!services.includes(name)) return [name, service] as const;
    const versionless = sameAround && isDeepStrictEqual(service, others[name]);
    const labels = { ...(service['labels'] ?? {}), ...(versionless ? { [VERSIONLESS_LABEL]: 'true' } : own) };
    return [name, { ...service, labels }] as const;
  });
  return { ...document, services: Object.fromEntries(labelled) };
}
