export interface HistoryCommit {
  /** Full id. */
  readonly id: string;
  /** More than one for a merge. */
  readonly parents: readonly string[];
  readonly author: string;
  readonly email: string;
  /** When it was authored, ISO 8601 with its offset. */
  readonly date: string;
  /** Subject and body as they were written, line endings included. */
  readonly message: string;
  /** Files it touches, relative to the folder git runs in, with `/`; a rename gives both names. Empty for a merge. */
  readonly files: readonly string[];
}
