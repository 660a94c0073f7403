import type { EnvironmentState } from '../../ledger/state';

/** How many verified releases can be gone back to with what this host keeps, besides the newest anchors and backups. */
const TARGETS = 5;

/** Anchors that what serves, and the releases that a rollback may go to, were put in place with. */
export function neededAnchors({ current, verified, bad, unfinished }: EnvironmentState): ReadonlySet<string> {
  const targets = verified.filter(({ version }) => !bad.has(version)).slice(-TARGETS);
  const cutOff = unfinished?.kind === 'rollback.intent' ? unfinished.snapshotOf : unfinished?.deployment;
  return new Set(
    [current?.snapshotOf, cutOff, ...targets.map(({ snapshotOf }) => snapshotOf)].filter((id) => id != null),
  );
}

/** Backups that a restore may ask for: the one before what serves, and the latest one. */
export function neededBackups({ history, current }: EnvironmentState): ReadonlySet<string> {
  const taken = history.filter(({ steps }) => steps.some(({ backup }) => backup !== null));
  // Behind a rollback its own id is that of the deployment that was undone.
  const put = current?.snapshotOf ?? current?.deployment;
  const own = taken.findLast(({ deployment }) => deployment === put);
  const wanted = [own, taken.at(-1)].flatMap((movement) => movement?.steps ?? []);
  return new Set(wanted.flatMap(({ backup }) => (backup === null ? [] : [backup.id])));
}
