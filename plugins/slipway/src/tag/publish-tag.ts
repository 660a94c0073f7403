import { RunError } from '../io/exec';
import { GitError } from '../io/git';
import { StoppedError, type World } from '../io/world';
import { createTag, deleteTag, fetchTag, followMain, pushRelease, UnsignedTagError, type Moves } from './apply-tag';
import { allMarked, inspectTags, localTag, mainHolds, type TagFacts, type TagRequest } from './inspect';

export type Published =
  | { readonly kind: 'done' }
  /** The tags that were made are gone from here again, and the remote took nothing. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** Nobody could tell whether the remote took them. The tags stay here. */
  | { readonly kind: 'unknown'; readonly reason: string };

export type PublishWorld = Pick<World, 'git' | 'stop' | 'finishing'>;

/** Makes the tags, and sends them out with main and the release branch; without a remote, main follows here. All of it, or nothing. */
export async function publishTags(
  world: PublishWorld,
  request: TagRequest,
  facts: TagFacts,
  moves: Moves,
): Promise<Published> {
  const made: string[] = [];
  try {
    await ensureTags(world, request, facts, made);
  } catch (error) {
    await withdraw(world, request, made);
    return { kind: 'failed', reason: reasonOf(error, world) };
  }
  const { reason, reached } =
    facts.remote === null ? await moveMain(world, request, moves) : await send(world, request, moves);
  if (reached === true) return { kind: 'done' };
  if (reached === null) return { kind: 'unknown', reason };
  await withdraw(world, request, made);
  return { kind: 'failed', reason };
}

/** @param made gets the name of each tag that this run makes, before it does: the child may die after that. */
async function ensureTags(world: PublishWorld, request: TagRequest, facts: TagFacts, made: string[]): Promise<void> {
  const { commit, remote } = request;
  for (const tag of request.tags) {
    if (facts.localTags.has(tag.name)) continue;
    // Another object of the same name would be in its way for ever.
    if (facts.remote?.tags.get(tag.name) === commit) {
      await fetchTag(world, remote, tag);
      continue;
    }
    // Another run may have been faster, and the tag is its own to withdraw.
    if ((await localTag(world.git, tag.name)) === commit) continue;
    made.push(tag.name);
    try {
      await createTag(world, tag, commit);
    } catch (error) {
      // Unless this run is being stopped: then the child may have made it and died.
      const others = error instanceof GitError && !world.stop.requested;
      if (!others || (await localTag(world.git, tag.name)) !== commit) throw error;
      made.pop();
    }
  }
}

interface Sent {
  /** Null where nobody could tell. */
  readonly reached: boolean | null;
  readonly reason: string;
}

async function moveMain(world: PublishWorld, request: TagRequest, { main }: Moves): Promise<Sent> {
  try {
    const left = main === null ? null : await followMain(world, request, main.to);
    return left === null ? { reached: true, reason: '' } : { reached: false, reason: left };
  } catch (error) {
    return { reached: false, reason: reasonOf(error, world) };
  }
}

async function send(world: PublishWorld, request: TagRequest, moves: Moves): Promise<Sent> {
  let message: string;
  try {
    const sent = await pushRelease(world, request, moves);
    if (sent.pushed) return { reached: true, reason: '' };
    message = `${request.remote} did not take the push: ${sent.message}`;
  } catch (error) {
    message = reasonOf(error, world);
  }
  // The reply may be lost and the push yet have happened: the remote itself knows.
  const { git } = world.finishing ?? world;
  try {
    const now = await inspectTags(git, request);
    const there = now.remote !== null && allMarked(request, now.remote.tags);
    return { reached: there && (moves.main === null || (await mainHolds(git, request, now))), reason: message };
  } catch (error) {
    return { reached: null, reason: `${message}; and it could not be asked: ${reasonOf(error, world)}` };
  }
}

async function withdraw(world: PublishWorld, { commit }: TagRequest, made: readonly string[]): Promise<void> {
  const { git } = world.finishing ?? world;
  for (const name of made) if ((await localTag(git, name)) === commit) await deleteTag({ git }, name);
}

/** @throws what is no foreseen failure. */
function reasonOf(error: unknown, { stop }: Pick<World, 'stop'>): string {
  if (error instanceof StoppedError || stop.requested) return `it was stopped (${stop.reason ?? 'asked to'})`;
  if (error instanceof GitError || error instanceof RunError || error instanceof UnsignedTagError) return error.message;
  throw error;
}
