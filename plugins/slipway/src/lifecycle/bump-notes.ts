import { renderChangelogSection } from '../notes/changelog';
import { refreshNotes } from '../notes/refresh';
import { factsOf } from '../notes/release-facts';
import { renderNotes } from '../notes/release-notes';
import { readRemoteUrl } from '../notes/remote-url';
import { shortId } from '../plan/classify';
import type { ReleasePlan } from '../plan/release-plan';
import type { StepContext } from './context';

export interface BumpNotes {
  /** The release's section of the changelog. */
  readonly section: string;
  /** The file of its notes. */
  readonly notes: string;
}

/**
 * What the bump says of a release, from the plan's own commits.
 * @param written notes that were committed before the bump: they are kept, and only what they don't tell of yet is added.
 */
export async function writeBumpNotes(
  { world, config }: Pick<StepContext, 'world' | 'config'>,
  plan: ReleasePlan,
  written: string | undefined,
): Promise<BumpNotes> {
  const date = world.clock.now().toISOString().slice(0, 10);
  const remoteUrl = await readRemoteUrl(world.git, config.release.remote);
  const facts = { ...factsOf(plan, { date, remoteUrl }), support: config.notes };
  const section = await renderChangelogSection(facts);
  if (written === undefined) return { section, notes: await renderNotes(facts) };
  const { content, missing } = refreshNotes(written, facts);
  if (missing.length > 0) {
    const list = missing.map(({ id, subject }) => `${shortId(id)} ${subject}`).join('; ');
    world.log.warn(`The notes that were written by hand are kept as they are; they seem to say nothing of: ${list}`);
  }
  return { section, notes: content };
}
