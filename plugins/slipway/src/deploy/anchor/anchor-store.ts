import { createHash, randomUUID } from 'node:crypto';
import { chmod, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../io/error-code';
import { readIfThere } from '../../io/read-if-there';
import type { Snapshot } from '../../ledger/events';
import { KEPT_ANCHORS, type AnchorContent, type AnchorStore } from './anchor';

/** Deployments become names of folders. */
const ID = /^[A-Za-z0-9][\w.+-]{0,199}$/;
/** While it is written; whatever ends so afterwards was cut off. */
const PARTIAL = '.partial';
const DESCRIPTION = 'description';
const CONFIGURATION = 'configuration.json';

/**
 * The anchors of one environment on this host: `.slipway/deploy/<environment>/anchors/<deployment>/`, folders of mode 0700, files of mode
 * 0600. A folder is renamed into its place when all of it is written.
 */
export function createAnchorStore(root: string, environment: string): AnchorStore {
  const folder = join(root, '.slipway', 'deploy', environment, 'anchors');
  const placeOf = (deployment: string): string => {
    if (!ID.test(deployment) || deployment.endsWith(PARTIAL))
      throw new TypeError(`${JSON.stringify(deployment)} is no id of a deployment`);
    return join(folder, deployment);
  };

  async function load(deployment: string, snapshot: Snapshot): Promise<AnchorContent | null> {
    const place = placeOf(deployment);
    const [description, configuration] = await Promise.all([
      readIfThere(join(place, DESCRIPTION)),
      readIfThere(join(place, CONFIGURATION)),
    ]);
    if (description === null || configuration === null) return null;
    const content = {
      description: description.toString('utf8'),
      configuration: decode(configuration.toString('utf8')),
    };
    return content.configuration !== null && isOf(snapshot, { ...content, configuration: content.configuration })
      ? { ...content, configuration: content.configuration }
      : null;
  }

  return {
    load,
    descriptionPath: (deployment) => join(placeOf(deployment), DESCRIPTION),
    async save(deployment, content, migrations) {
      const place = placeOf(deployment);
      const snapshot = snapshotOf(content, migrations);
      if ((await load(deployment, snapshot)) !== null) return snapshot;
      const draft = `${place}.${randomUUID()}${PARTIAL}`;
      try {
        await mkdir(draft, { recursive: true, mode: 0o700 });
        // An earlier Slipway, or a person, may have made it with the mode of any other folder.
        await chmod(folder, 0o700);
        await writeFile(join(draft, DESCRIPTION), content.description, { mode: 0o600 });
        await writeFile(join(draft, CONFIGURATION), encode(content.configuration), { mode: 0o600 });
        // What lies there by that name is not what the ledger is about to tell of.
        await rm(place, { recursive: true, force: true });
        await rename(draft, place);
      } finally {
        await rm(draft, { recursive: true, force: true });
      }
      return snapshot;
    },
    async prune(needed) {
      const names = await namesIn(folder);
      for (const name of names.filter((one) => one.endsWith(PARTIAL)))
        await rm(join(folder, name), { recursive: true, force: true });
      const kept = names.filter((name) => ID.test(name) && !name.endsWith(PARTIAL));
      const dated = await Promise.all(
        kept.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })),
      );
      const old = dated.sort((a, b) => b.at - a.at).slice(KEPT_ANCHORS);
      for (const { name } of old) {
        if (!needed.has(name)) await rm(join(folder, name), { recursive: true, force: true });
      }
    },
  };
}

/** The hashes of it, which is all that may leave this host. */
export function snapshotOf(content: AnchorContent, migrations: readonly string[] | null): Snapshot {
  const configuration = configurationHashes(content.configuration);
  return { description: digest(content.description), configuration, migrations };
}

export function configurationHashes(configuration: AnchorContent['configuration']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(configuration).map(([path, content]) => [path, digest(content)]));
}

function isOf(snapshot: Snapshot, content: AnchorContent): boolean {
  const { description, configuration } = snapshotOf(content, null);
  return description === snapshot.description && sameHashes(configuration, snapshot.configuration);
}

export function sameHashes(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

function digest(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function encode(configuration: AnchorContent['configuration']): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(configuration).map(([path, content]) => [path, content.toString('base64')])),
  );
}

/** Null where it is not what was written: somebody changed it. */
function decode(text: string): AnchorContent['configuration'] | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null) return null;
  const entries = Object.entries(parsed);
  if (!entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')) return null;
  return Object.fromEntries(entries.map(([path, content]) => [path, Buffer.from(content, 'base64')]));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
