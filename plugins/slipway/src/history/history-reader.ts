import { createHash } from 'node:crypto';
import type { Git } from '../io/git';
import type { HistoryCache, HistoryPlace } from './cache';
import { CommitStore, NAMED } from './commit-store';
import { HistoryError, shallowError } from './history-error';
import type { Judgement } from './judge-lines';
import { readLog } from './read-log';
import { readShallow, type RepositoryFacts } from './repository';
import { decodeStore, encodeStore } from './store-file';
import type { Survey } from './survey';

/** A judgement costs time for each commit so far, so it is made only when this many times as many were read. */
const GROWTH = 1.25;
/** Commits that the cache ends with and that git is told of. More would be other branches', which cost only time. */
const MAX_TIPS = 64;

/** Reads commits into a store until they suffice, from the cache first. */
export class HistoryReader {
  private added = 0;
  private shallow: ReadonlySet<string> = new Set();

  private constructor(
    private readonly git: Git,
    private readonly facts: RepositoryFacts,
    private readonly cache: HistoryCache | null,
    readonly store: CommitStore,
  ) {}

  static async open(git: Git, facts: RepositoryFacts, cache: HistoryCache | null): Promise<HistoryReader> {
    const file = (await cache?.read(placeOfCache(facts))) ?? null;
    const store = (file === null ? null : decodeStore(file)) ?? new CommitStore();
    const reader = new HistoryReader(git, facts, cache, store);
    reader.shallow = await readShallow(facts.gitDir);
    return reader;
  }

  /**
   * @param judge what can be said by what is in the store.
   * @param plausible whether a judgement is worth its time while commits come in.
   * @returns the judgement that is complete, or the last one where there is no more to read.
   */
  async readUntil(judge: () => Judgement, plausible: () => boolean): Promise<Judgement> {
    let judgement = judge();
    if (judgement.complete) return judgement;
    if (await this.readSinceCached()) judgement = judge();
    while (!judgement.complete) {
      const from = namedOnly(judgement.survey);
      if (from.length === 0) return judgement;
      const added = await this.readFrom(from, judge, plausible);
      judgement = judge();
      if (added === 0 && !judgement.complete) {
        throw new HistoryError(
          'unreadable',
          `git log told nothing of ${from.join(', ')}`,
          'Check the repository with: git fsck',
        );
      }
    }
    return judgement;
  }

  /** Keeps what was read for the next time. */
  async save(survey: Survey): Promise<void> {
    if (this.added === 0 || !this.cache?.write) return;
    // Commits that nothing leads to any more (of rewritten branches) are dropped once they are most of it.
    const rewritten = this.store.size > 10_000 && survey.nodes.length * 2 < this.store.size;
    const parts = encodeStore(rewritten ? this.store.copyOf(survey.nodes) : this.store);
    if (parts !== null) await this.cache.write(placeOfCache(this.facts), parts);
  }

  /** What is new since the cache was written. @returns whether there was anything to read. */
  private async readSinceCached(): Promise<boolean> {
    const { store } = this;
    const { head } = this.facts;
    const tips = tipsOf(store);
    if (tips.length === 0 || store.state(store.number(head)) !== NAMED) return false;
    try {
      await this.log({ from: [head], not: tips, passOverMissing: true });
    } catch (error) {
      // In a partial clone git does not pass over commits that are missing. Without the cache's help, then.
      if (!(error instanceof HistoryError) || error.failure !== 'unknownCommit') throw error;
      return false;
    }
    return true;
  }

  private async readFrom(from: readonly string[], judge: () => Judgement, plausible: () => boolean): Promise<number> {
    let next = 1;
    const enough = (added: number) => {
      if (added < next || !plausible()) return false;
      next = Math.ceil(added * GROWTH);
      return judge().complete;
    };
    try {
      return await this.log({ from, not: [] }, enough);
    } catch (error) {
      // The cache knows what lies beyond the end of a shallow clone, but git can't read on from there.
      if (error instanceof HistoryError && error.failure === 'unknownCommit' && this.shallow.size > 0)
        throw shallowError();
      throw error;
    }
  }

  private async log(request: Parameters<typeof readLog>[1], enough?: (added: number) => boolean): Promise<number> {
    const added = await readLog(this.git, request, {
      store: this.store,
      cut: (id) => this.shallow.has(id),
      ...(enough ? { enough } : {}),
    });
    const shallow = await readShallow(this.facts.gitDir);
    if (shallow.size !== this.shallow.size || [...shallow].some((id) => !this.shallow.has(id))) {
      throw new HistoryError('shallow', 'this clone was deepened while its history was read', 'Run it again');
    }
    this.added += added;
    return added;
  }
}

function namedOnly({ store, nodes, read, ends }: Survey): string[] {
  return ends.filter((end) => end >= read).map((end) => store.id(nodes[end] as number));
}

/** Commits that were read and are nobody's parents, newest first. */
function tipsOf(store: CommitStore): string[] {
  const isParent = new Uint8Array(store.size);
  const tips: number[] = [];
  for (let node = 0; node < store.size; node += 1) {
    for (let index = store.parentCount(node) - 1; index >= 0; index -= 1) isParent[store.parent(node, index)] = 1;
  }
  for (let node = 0; node < store.size; node += 1) {
    if (store.state(node) !== NAMED && isParent[node] === 0) tips.push(node);
  }
  return tips
    .sort((a, b) => store.time(b) - store.time(a))
    .slice(0, MAX_TIPS)
    .map((node) => store.id(node));
}

/** Names of files are told from the workspace, so each folder of a repository has its own. */
function placeOfCache({ gitDir, prefix, objectFormat }: RepositoryFacts): HistoryPlace {
  const folder = createHash('sha256').update(prefix).digest('hex').slice(0, 12);
  return { gitDir, key: prefix === '' ? objectFormat : `${objectFormat}-${folder}` };
}
