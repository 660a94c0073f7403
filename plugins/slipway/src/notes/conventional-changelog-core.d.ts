/** What is used of conventional-changelog-core 9, which comes without types. */
declare module 'conventional-changelog-core' {
  import type { Readable, Transform } from 'node:stream';

  interface CoreOptions {
    readonly cwd: string;
    readonly config: object;
    /** Matched against each tag. */
    readonly tagPrefix: RegExp;
    /** 0: all releases. */
    readonly releaseCount: number;
    readonly pkg: { readonly transform: () => object };
    readonly transform: (
      this: Transform,
      commit: { readonly header: string | null; readonly body: string | null },
      done: (error?: Error | null) => void,
    ) => void;
  }

  export default function conventionalChangelog(options: CoreOptions): Readable;
}
