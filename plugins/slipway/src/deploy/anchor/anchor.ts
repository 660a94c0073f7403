import type { Snapshot } from '../../ledger/events';

/** What a deployment put in place, as content. It holds secrets and stays on the deploy host, in files of mode 0600. */
export interface AnchorContent {
  /** The description as rendered, byte for byte what was applied. */
  readonly description: string;
  /** The environment's files, by workspace path. */
  readonly configuration: Readonly<Record<string, Buffer>>;
}

/** Where the anchors of one environment lie on this host. */
export interface AnchorStore {
  /** Writes it, whole or not at all; the ledger gets the hashes. Idempotent. */
  save(deployment: string, content: AnchorContent, migrations: readonly string[] | null): Promise<Snapshot>;
  /** The content whose hashes are those of the ledger; null where this host has none, or it was changed since. */
  load(deployment: string, snapshot: Snapshot): Promise<AnchorContent | null>;
  /** Absolute path of the description of an anchor, for a person who has to apply it by hand. */
  descriptionPath(deployment: string): string;
  /** Removes the oldest anchors beyond the newest {@link KEPT_ANCHORS}, but none that `needed` names. */
  prune(needed: ReadonlySet<string>): Promise<void>;
}

export const KEPT_ANCHORS = 10;
