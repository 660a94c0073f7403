import { dirname, join } from 'node:path';
import { docker, findImage } from '../../image/engine';
import type { World } from '../../io/world';
import type { DeployedRelease } from '../../ledger/events';
import type { Refusal } from '../../ledger/outcome';
import { EnvFileError } from '../env-file';
import { readEnvironmentFiles, type EnvironmentFiles } from '../environment-files';
import { readTextIfThere } from '../../io/read-if-there';
import { composeAt, hashOf } from './compose-files';
import { renderDescription, rendersAsIs } from './compose-description';
import type { ComposeHost } from './compose-host';
import { readProject, serviceNames, type DescribedProject } from './described-service';
import type { InspectOptions, Inspection } from './driver';
import { diskRefusals, isLocal } from './engine-disk';
import { portRefusals, readPortsInUse } from './host-ports';
import { pullRefusals } from './release-images';

const NOTHING = { configHash: '', description: null } as const;

interface PreflightOptions extends InspectOptions {
  /** False where other nodes may publish them. */
  readonly ports?: boolean;
}

/** Whether a release could be applied now, and what would be applied. Touches nothing. */
export async function inspectRelease(
  host: ComposeHost,
  release: DeployedRelease,
  { ports = true, description: given }: PreflightOptions = {},
): Promise<Inspection> {
  const { world, environment } = host;
  // Whatever does not hang on the description is asked beside making it.
  const local = isLocal(world);
  const [made, images, disk, inUse] = await Promise.all([
    given === undefined ? makeDescription(host, release) : takeDescription(host, given),
    imageRefusals(host, release),
    diskRefusals(world, environment, local),
    ports ? readPortsInUse(world, local) : null,
  ]);
  const { description, configHash } = made;
  const refusals = [...made.refusals, ...images, ...disk];
  if (description === null || refusals.length > 0) return { refusals, ...NOTHING };
  const project = readProject(description);
  const [stable, busy, external] = await Promise.all([
    given === undefined ? stableRefusals(host, description) : [],
    inUse === null ? [] : portRefusals(host, project, inUse),
    externalRefusals(host, project),
  ]);
  refusals.push(...stable, ...busy, ...external);
  return refusals.length > 0 ? { refusals, ...NOTHING } : { refusals, configHash, description };
}

/** What would be applied, rendered anew; null where something is in the way. */
async function makeDescription(host: ComposeHost, release: DeployedRelease): Promise<Inspection> {
  const { world, config, environment } = host;
  const [{ files, refusals }, source] = await Promise.all([
    environmentFiles(host),
    composeAt(world, release.commit, config.compose),
  ]);
  const inTheWay = [...imagesWithoutDigest(host, release, source), ...refusals];
  if (source === null) {
    inTheWay.push({
      id: 'composeFile',
      reason: `${config.compose} does not exist at commit ${release.commit.slice(0, 10)} of ${release.version}`,
      remedy: `correct environments.${environment}.compose in slipway.json, or release a commit that holds the file`,
    });
  }
  if (files === null || source === null || inTheWay.length > 0)
    return { refusals: [...(await versionRefusals(host)), ...inTheWay], ...NOTHING };
  const rendering = await renderDescription(host, release, source, files);
  if ('problem' in rendering) {
    const { problem: reason, remedy } = rendering;
    // Starting Compose takes its time: its version is asked for where it matters.
    const version = await versionRefusals(host);
    return { refusals: version.length > 0 ? version : [{ id: 'composeValid', reason, remedy }], ...NOTHING };
  }
  const { text: description } = rendering;
  const configHash = hashOf((hash) => {
    files.addTo(hash);
    hash.update(description);
  });
  return { refusals: [], configHash, description };
}

/** Rendering one would tell that Compose is missing; here it has to be asked. */
async function takeDescription(host: ComposeHost, description: string): Promise<Inspection> {
  return { refusals: await versionRefusals(host), configHash: '', description };
}

async function stableRefusals(host: ComposeHost, description: string): Promise<readonly Refusal[]> {
  if (await rendersAsIs(host, description)) return [];
  return [
    {
      id: 'composeStable',
      reason: `Docker Compose renders ${host.config.compose} differently a second time, so that a rollback could not bring it back as it was`,
      remedy: 'look for a $ in the name of a label, variable or key, and take it out',
    },
  ];
}

async function versionRefusals({ world }: ComposeHost): Promise<readonly Refusal[]> {
  const { exitCode, stdout } = await docker(world.run, ['compose', 'version', '--short']);
  const version = stdout.trim();
  if (exitCode === 0 && /^v?(?:[2-9]|\d\d)/.test(version)) return [];
  return [
    {
      id: 'composeVersion',
      reason: exitCode === 0 ? `this is Docker Compose ${version}` : 'the docker client has no Compose plugin',
      remedy: 'install Docker Compose v2, then try: docker compose version',
    },
  ];
}

/** A service that a later release brought is none of this one: its compose file does not name it. */
function imagesWithoutDigest(
  { services, images, environment }: ComposeHost,
  release: DeployedRelease,
  source: string | null,
): readonly Refusal[] {
  if (services.length === 0)
    return [{ id: 'services', reason: `${environment} deploys no service`, remedy: 'add images to slipway.json' }];
  const described = source === null ? null : serviceNames(source);
  const isNone = services.every((service) => release.services[service] === undefined);
  return services.flatMap((service): Refusal[] => {
    if (images[service] === undefined) {
      return [
        {
          id: 'services',
          reason: `${environment} deploys ${service}, which is not among the images`,
          remedy: `add images.${service} to slipway.json, or take it out of environments.${environment}.services`,
        },
      ];
    }
    if (release.services[service] !== undefined) return [];
    if (!isNone && described?.includes(service) === false) return [];
    return [
      {
        id: 'images',
        reason: `${release.version} has no image of ${service}`,
        remedy: 'build its images (release-image)',
      },
    ];
  });
}

async function imageRefusals(host: ComposeHost, release: DeployedRelease): Promise<readonly Refusal[]> {
  const { services, world } = host;
  const wanted = services.flatMap((service) => {
    const image = release.services[service];
    return image === undefined ? [] : [{ image, reference: release.references?.[service] ?? image }];
  });
  if (await haveImages(world.run, wanted)) return [];
  const refusals = await Promise.all(
    services.map(async (service): Promise<readonly Refusal[]> => {
      const image = release.services[service];
      if (image === undefined) return [];
      const reference = release.references?.[service];
      if ((await findImage(world.run, reference ?? image))?.id === image) return [];
      if (reference !== undefined) return pullRefusals(host, service, reference);
      return [
        {
          id: 'images',
          reason: `the image of ${service} in ${release.version}, ${image}, is gone from this engine`,
          remedy: 'load it again (docker load) or release a new version',
        },
      ];
    }),
  );
  return refusals.flat();
}

/** Whether the engine has all of them, by one command: nearly always it does. */
async function haveImages(
  run: World['run'],
  wanted: readonly { readonly image: string; readonly reference: string }[],
): Promise<boolean> {
  if (wanted.length === 0) return true;
  const references = wanted.map(({ reference }) => reference);
  const { exitCode, stdout } = await docker(run, ['image', 'inspect', '--format', '{{.Id}}', ...references]);
  const ids = stdout.trim().split('\n');
  return exitCode === 0 && ids.length === wanted.length && wanted.every(({ image }, index) => ids[index] === image);
}

async function environmentFiles({
  world,
  config,
  environment,
}: ComposeHost): Promise<{ readonly files: EnvironmentFiles | null; readonly refusals: readonly Refusal[] }> {
  try {
    const files = await readEnvironmentFiles(world.root, config.envFiles);
    const refusals = await Promise.all(
      files.missing.map(async (path): Promise<Refusal> => {
        const example = join(dirname(path), '.env.example');
        const hasExample = (await readTextIfThere(join(world.root, example))) !== null;
        return {
          id: 'envFiles',
          reason: `${path}, which ${environment} needs, does not exist on this host`,
          remedy: hasExample ? `cp ${example} ${path}, then fill it in` : `create ${path}`,
        };
      }),
    );
    return { files, refusals };
  } catch (error) {
    if (!(error instanceof EnvFileError)) throw error;
    return { files: null, refusals: [{ id: 'envFiles', reason: error.message, remedy: 'correct that line' }] };
  }
}

async function externalRefusals({ world }: ComposeHost, { external }: DescribedProject): Promise<readonly Refusal[]> {
  const ask = (kind: 'network' | 'volume', names: readonly string[]) =>
    names.map(async (name): Promise<Refusal[]> => {
      const { exitCode } = await docker(world.run, [kind, 'inspect', name]);
      if (exitCode === 0) return [];
      return [
        {
          id: 'external',
          reason: `the ${kind} ${name}, which the compose file takes for given, does not exist on this engine`,
          remedy: `docker ${kind} create ${name}`,
        },
      ];
    });
  return (await Promise.all([...ask('network', external.networks), ...ask('volume', external.volumes)])).flat();
}
