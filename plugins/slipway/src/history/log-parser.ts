import type { CommitStore, RawCommit } from './commit-store';
import { HistoryError } from './history-error';

/**
 * Each record is an empty field, these fields, and the names of files, all ended by NUL; git puts a newline before the
 * first name. Neither a message nor a name can hold NUL, and no name is empty, so nothing in a commit can forge a border.
 */
const FIELDS = ['%H', '%P', '%ct', '%an', '%ae', '%aI', '%B'] as const;
export const LOG_FORMAT = `--format=tformat:%x00${FIELDS.join('%x00')}`;

/** Reads what `git log` prints in {@link LOG_FORMAT}, as it comes, into a store. */
export class LogParser {
  /** How many commits were new to the store. */
  added = 0;
  private chunks: Buffer[] = [];
  private held = 0;
  /** Bytes to collect before the next try, so that a record over many chunks is not read again with each of them. */
  private wanted = 0;

  /** @param cut tells whether a shallow clone ends at a commit. */
  constructor(
    private readonly store: CommitStore,
    private readonly cut: (id: string) => boolean,
  ) {}

  /** @throws {HistoryError} where this is not the format. */
  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.held += chunk.length;
    if (this.held >= this.wanted) this.parse(false);
  }

  /** After the last chunk. @throws {HistoryError} where the output ends in the middle of a commit. */
  end(): void {
    this.parse(true);
    if (this.held > 0) throw unreadable();
  }

  private parse(last: boolean): void {
    const buffer = this.chunks.length === 1 ? (this.chunks[0] as Buffer) : Buffer.concat(this.chunks);
    let position = 0;
    while (position < buffer.length) {
      const end = this.record(buffer, position, last);
      if (end < 0) break;
      position = end;
    }
    const rest = buffer.subarray(position);
    this.chunks = rest.length === 0 ? [] : [rest];
    this.held = rest.length;
    this.wanted = rest.length * 2;
  }

  /** @returns where the record ends, or -1 where it is not all here. */
  private record(buffer: Buffer, start: number, last: boolean): number {
    if (buffer[start] !== 0) throw unreadable();
    const afterId = buffer.indexOf(0, start + 1);
    if (afterId < 0) return -1;
    const afterParents = buffer.indexOf(0, afterId + 1);
    if (afterParents < 0) return -1;
    const afterTime = buffer.indexOf(0, afterParents + 1);
    if (afterTime < 0) return -1;
    let textEnd = afterTime;
    for (let field = 0; field < 4; field += 1) {
      textEnd = buffer.indexOf(0, textEnd + 1);
      if (textEnd < 0) return -1;
    }
    const names: number[] = [];
    let position = textEnd + 1;
    while (position < buffer.length && buffer[position] !== 0) {
      const end = buffer.indexOf(0, position);
      if (end < 0) return -1;
      names.push(position, end);
      position = end + 1;
    }
    // More names may follow.
    if (position >= buffer.length && !last) return -1;
    const id = buffer.toString('latin1', start + 1, afterId);
    if (!/^[0-9a-f]{40,64}$/.test(id)) throw unreadable();
    const parents = afterParents === afterId + 1 ? [] : buffer.toString('latin1', afterId + 1, afterParents).split(' ');
    const time = Number(buffer.toString('latin1', afterParents + 1, afterTime));
    if (Number.isNaN(time)) throw unreadable();
    const commit: RawCommit = {
      id,
      parents,
      time,
      text: { buffer, from: afterTime + 1, to: textEnd },
      files: fileNames(buffer, names),
    };
    if (this.store.add(commit, this.cut(id))) this.added += 1;
    return position;
  }
}

function fileNames(buffer: Buffer, names: readonly number[]): string[] {
  const files: string[] = [];
  for (let index = 0; index < names.length; index += 2) {
    const from = names[index] as number;
    const skip = index === 0 && buffer[from] === 0x0a ? 1 : 0;
    files.push(buffer.toString('utf8', from + skip, names[index + 1]));
  }
  return files;
}

function unreadable(): HistoryError {
  return new HistoryError(
    'unreadable',
    'git log answered in a form that Slipway does not know',
    'Check `git --version`: Slipway needs git 2.38 or newer',
  );
}
