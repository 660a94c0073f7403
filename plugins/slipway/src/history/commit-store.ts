import type { HistoryCommit } from './history-commit';
import { ByteList, NumberList } from './number-list';

/** What is known of a commit that is named somewhere. */
export const NAMED = 0;
/** It was read: parents, text and files are here. */
export const READ = 1;
/** It was read where a shallow clone ends: git shows it without parents, and all its files as new. */
export const CUT = 2;

/** A commit as git told it. Positions are within the buffer handed over with it. */
export interface RawCommit {
  readonly id: string;
  readonly parents: readonly string[];
  /** When it was committed, in seconds since 1970. */
  readonly time: number;
  /** Author's name, email, date and message with a NUL between them. */
  readonly text: { readonly buffer: Buffer; readonly from: number; readonly to: number };
  readonly files: readonly string[];
}

/**
 * Commits by number, their fields side by side in few buffers: 50,000 commits are some arrays, not a million objects, and
 * go to a file and back as they are. Text is decoded only for a commit that is asked for.
 */
export class CommitStore {
  private readonly numbers: Map<string, number>;
  private readonly paths: Map<string, number>;
  private readonly made: (HistoryCommit | undefined)[] = [];

  constructor(readonly data: StoreData = emptyData()) {
    this.numbers = new Map();
    for (let node = 0; node < data.ids.length; node += 1) this.numbers.set(data.ids[node] as string, node);
    this.paths = new Map();
    for (let path = 0; path < data.paths.length; path += 1) this.paths.set(data.paths[path] as string, path);
  }

  /** Commits that are known by id, read or not; their numbers go from 0 to here. */
  get size(): number {
    return this.data.ids.length;
  }

  /** The number of a commit, new where it was not known. */
  number(id: string): number {
    const known = this.numbers.get(id);
    if (known !== undefined) return known;
    const { ids, state, time, parentsAt, parentCount, textAt, textLength, filesAt, fileCount } = this.data;
    const node = ids.length;
    ids.push(id);
    this.numbers.set(id, node);
    for (const list of [state, time, parentsAt, parentCount, textAt, textLength, filesAt, fileCount]) list.push(0);
    return node;
  }

  /** The number of a commit; -1 where it is not known. */
  find(id: string): number {
    return this.numbers.get(id) ?? -1;
  }

  id(node: number): string {
    return this.data.ids[node] ?? '';
  }

  state(node: number): number {
    return this.data.state.get(node);
  }

  time(node: number): number {
    return this.data.time.get(node);
  }

  parentCount(node: number): number {
    return this.data.parentCount.get(node);
  }

  parent(node: number, index: number): number {
    return this.data.parents.get(this.data.parentsAt.get(node) + index);
  }

  /** Takes in a commit; one that is here already stays as it is. @returns whether it was new. */
  add(commit: RawCommit, cut: boolean): boolean {
    const node = this.number(commit.id);
    if (this.data.state.get(node) !== NAMED) return false;
    const { data } = this;
    const parents = commit.parents.map((parent) => this.number(parent));
    data.state.set(node, cut ? CUT : READ);
    // Nobody's clock runs beyond 2106 in earnest; the time only decides the order in which branches are listed.
    data.time.set(node, Math.min(Math.max(0, commit.time), 0xffffffff));
    data.parentsAt.set(node, data.parents.length);
    data.parentCount.set(node, parents.length);
    for (const parent of parents) data.parents.push(parent);
    data.textAt.set(node, data.text.length);
    data.textLength.set(node, commit.text.to - commit.text.from);
    data.text.append(commit.text.buffer, commit.text.from, commit.text.to);
    data.filesAt.set(node, data.files.length);
    data.fileCount.set(node, commit.files.length);
    for (const file of commit.files) data.files.push(this.path(file));
    return true;
  }

  /** A commit that was read, always the same object. */
  commit(node: number): HistoryCommit {
    return (this.made[node] ??= this.decode(node));
  }

  /** A store of these commits alone. */
  copyOf(nodes: Iterable<number>): CommitStore {
    const copy = new CommitStore();
    const { data } = this;
    for (const node of nodes) {
      if (data.state.get(node) === NAMED) continue;
      const { id, parents, files } = this.commit(node);
      const from = data.textAt.get(node);
      const text = { buffer: data.text.view(), from, to: from + data.textLength.get(node) };
      copy.add({ id, parents, time: data.time.get(node), text, files }, data.state.get(node) === CUT);
    }
    return copy;
  }

  private path(file: string): number {
    const known = this.paths.get(file);
    if (known !== undefined) return known;
    const path = this.data.paths.length;
    this.data.paths.push(file);
    this.paths.set(file, path);
    return path;
  }

  private decode(node: number): HistoryCommit {
    const { data } = this;
    const from = data.textAt.get(node);
    const text = data.text.view().toString('utf8', from, from + data.textLength.get(node));
    const afterAuthor = text.indexOf('\0');
    const afterEmail = text.indexOf('\0', afterAuthor + 1);
    const afterDate = text.indexOf('\0', afterEmail + 1);
    const filesAt = data.filesAt.get(node);
    return {
      id: this.id(node),
      parents: Array.from({ length: this.parentCount(node) }, (_, index) => this.id(this.parent(node, index))),
      author: text.slice(0, afterAuthor),
      email: text.slice(afterAuthor + 1, afterEmail),
      date: text.slice(afterEmail + 1, afterDate),
      message: text.slice(afterDate + 1),
      files: Array.from(
        { length: data.fileCount.get(node) },
        (_, index) => data.paths[data.files.get(filesAt + index)] ?? '',
      ),
    };
  }
}

/** A store's buffers. Lists per commit are as long as `ids`. */
export interface StoreData {
  readonly ids: string[];
  /** Each distinct path once. */
  readonly paths: string[];
  readonly state: NumberList;
  readonly time: NumberList;
  readonly parentsAt: NumberList;
  readonly parentCount: NumberList;
  readonly textAt: NumberList;
  readonly textLength: NumberList;
  readonly filesAt: NumberList;
  readonly fileCount: NumberList;
  /** Numbers of commits. */
  readonly parents: NumberList;
  /** Numbers of paths. */
  readonly files: NumberList;
  readonly text: ByteList;
}

function emptyData(): StoreData {
  return {
    ids: [],
    paths: [],
    state: new NumberList(),
    time: new NumberList(),
    parentsAt: new NumberList(),
    parentCount: new NumberList(),
    textAt: new NumberList(),
    textLength: new NumberList(),
    filesAt: new NumberList(),
    fileCount: new NumberList(),
    parents: new NumberList(),
    files: new NumberList(),
    text: new ByteList(),
  };
}
