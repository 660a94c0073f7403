import { RunError } from '../io/exec';
import { GitError } from '../io/git';
import { StoppedError, type World } from '../io/world';
import { createTag, deleteTag, fetchTag, followMain, pushRelease } from './apply-tag';
import { inspectTag, localTag, mainHolds, type TagFacts, type TagRequest } from './inspect';

/** What becomes of main: where it was when that was decided (null: nowhere), and where it goes. */
export interface MainMove {
  readonly from: string | null;
  readonly to: string;
  /** False where the remote's release branch is ahead already, and stays. */
  readonly branch?: boolean;
}

export type Published =
  | { readonly kind: 'done' }
  /** The tag is gone from here again, and the remote took nothing. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** Nobody could tell whether the remote took it. The tag stays here. */
  | { readonly kind: 'unknown'; readonly reason: string };

export type PublishWorld = Pick<World, 'git' | 'stop' | 'finishing'>;

/** Makes the tag, and sends it out with main and the release branch; without a remote, main follows here. */
export async function publishTag(
  world: PublishWorld,
  request: TagRequest,
  facts: TagFacts,
  main: MainMove,
): Promise<Published> {
  let created: boolean;
  try {
    created = await ensureTag(world, request, facts);
  } catch (error) {
    // The child that was to make it may have died after that.
    if (facts.localTag === null && facts.remote?.tag !== request.commit) await withdraw(world, request);
    return { kind: 'failed', reason: reasonOf(error, world) };
  }
  const { reason, reached } =
    facts.remote === null ? await moveMain(world, request, main) : await send(world, request, main);
  if (reached === true) return { kind: 'done' };
  if (reached === null) return { kind: 'unknown', reason };
  if (created) await withdraw(world, request);
  return { kind: 'failed', reason };
}

/** @returns whether this run made it. */
async function ensureTag(world: PublishWorld, request: TagRequest, facts: TagFacts): Promise<boolean> {
  if (facts.localTag !== null) return false;
  // Another object of the same name would be in its way for ever.
  if (facts.remote?.tag === request.commit) {
    await fetchTag(world, request);
    return false;
  }
  try {
    await createTag(world, request, `Release ${request.tag}`);
    return true;
  } catch (error) {
    // Another run may have been faster.
    if (error instanceof GitError && (await localTag(world.git, request.tag)) === request.commit) return false;
    throw error;
  }
}

interface Sent {
  /** Null where nobody could tell. */
  readonly reached: boolean | null;
  readonly reason: string;
}

async function moveMain(world: PublishWorld, request: TagRequest, { to }: MainMove): Promise<Sent> {
  try {
    const left = await followMain(world, request, to);
    return left === null ? { reached: true, reason: '' } : { reached: false, reason: left };
  } catch (error) {
    return { reached: false, reason: reasonOf(error, world) };
  }
}

async function send(world: PublishWorld, request: TagRequest, main: MainMove): Promise<Sent> {
  let message: string;
  try {
    const sent = await pushRelease(world, request, main);
    if (sent.pushed) return { reached: true, reason: '' };
    message = `${request.remote} did not take the push: ${sent.message}`;
  } catch (error) {
    message = reasonOf(error, world);
  }
  // The reply may be lost and the push yet have happened: the remote itself knows.
  const { git } = world.finishing ?? world;
  try {
    const now = await inspectTag(git, request);
    const reached = now.remote?.tag === request.commit && (await mainHolds(git, request, now));
    return { reached, reason: message };
  } catch (error) {
    return { reached: null, reason: `${message}; and it could not be asked: ${reasonOf(error, world)}` };
  }
}

async function withdraw(world: PublishWorld, request: TagRequest): Promise<void> {
  const { git } = world.finishing ?? world;
  if ((await localTag(git, request.tag)) === request.commit) await deleteTag({ git }, request.tag);
}

/** @throws what is no foreseen failure. */
function reasonOf(error: unknown, { stop }: Pick<World, 'stop'>): string {
  if (error instanceof StoppedError || stop.requested) return `it was stopped (${stop.reason ?? 'asked to'})`;
  if (error instanceof GitError || error instanceof RunError) return error.message;
  throw error;
}
