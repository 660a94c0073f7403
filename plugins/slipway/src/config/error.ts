export interface ConfigProblem {
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** Dotted path of the key; empty for the file as a whole. */
  readonly key: string;
  readonly message: string;
  readonly expected: string;
  /** What was probably meant. */
  readonly suggestion: string | null;
}

/** Everything that is wrong with a configuration file, so that it takes one round to mend it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(
    readonly file: string,
    readonly problems: readonly ConfigProblem[],
  ) {
    super(problems.map((problem) => formatProblem(file, problem)).join('\n'));
  }
}

function formatProblem(file: string, { line, column, key, message, expected, suggestion }: ConfigProblem): string {
  const subject = key === '' ? message : `${key}: ${message}`;
  const hint = suggestion === null ? '' : ` Did you mean "${suggestion}"?`;
  return `${file}:${line}:${column}: ${subject}; expected ${expected}.${hint}`;
}
