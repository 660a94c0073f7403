import type { EnvironmentState, ReleaseState } from '../ledger/state';
import { foldBypasses, type Bypass } from '../ledger/emergency-state';
import { foldEnvironment, foldRelease } from '../ledger/state';
import { RELEASE_STREAM } from '../ledger/events';
import type { BackupEvidence } from '../gates/backup';
import { readBackups } from './backup-evidence';
import type { StepContext } from './context';
import { readForwardPorts, type ForwardPort } from './forward-ports';

/** Where the work tree stands. */
export interface TreeState {
  /** Full commit id. */
  readonly head: string;
  /** Null on a detached head. */
  readonly branch: string | null;
  /** Changed and untracked paths, as git reports them. */
  readonly dirty: readonly string[];
}

/** All that preconditions look at: the tree, and the ledger folded. Read once a step, never changed. */
export interface Situation {
  readonly tree: TreeState;
  readonly release: ReleaseState;
  readonly environments: ReadonlyMap<string, EnvironmentState>;
  /** What was asked for by the emergency lane, with its debts, by environment. */
  readonly bypasses: ReadonlyMap<string, readonly Bypass[]>;
  /** The forward-ports that are open, with what of them the checked-out commit lacks. */
  readonly forwardPorts: readonly ForwardPort[];
  /** What is known of backups, by environment: of those that ask for one. */
  readonly backups: ReadonlyMap<string, BackupEvidence>;
  /** When all this was read. */
  readonly now: Date;
}

export async function readSituation(context: StepContext): Promise<Situation> {
  const { ledger, config } = context;
  await ledger.refresh();
  const environments = new Map<string, EnvironmentState>();
  const bypasses = new Map<string, readonly Bypass[]>();
  for (const name of Object.keys(config.environments)) {
    const events = await ledger.read(name);
    environments.set(name, foldEnvironment(events));
    bypasses.set(name, foldBypasses(events));
  }
  const tree = await readTree(context);
  const release = foldRelease(await ledger.read(RELEASE_STREAM));
  const forwardPorts = tree.head === '' ? [] : await readForwardPorts(context.world.git, release, tree.head);
  const backups = await readBackups(context.world.root, config.environments, (name) => ledger.read(name));
  return { tree, release, environments, bypasses, forwardPorts, backups, now: context.world.clock.now() };
}

async function readTree({ world: { git } }: StepContext): Promise<TreeState> {
  const text = await git.text(['status', '--porcelain=v2', '--branch', '-z', '--untracked-files=all']);
  const records = text.split('\0').filter((record) => record !== '');
  const header = (name: string): string | null =>
    records.find((record) => record.startsWith(`# ${name} `))?.slice(name.length + 3) ?? null;
  const head = header('branch.oid');
  const branch = header('branch.head');
  return {
    head: head === null || head === '(initial)' ? '' : head,
    branch: branch === '(detached)' ? null : branch,
    dirty: dirtyPaths(records),
  };
}

/** Field counts from git-status(1), "Porcelain Format Version 2"; a rename's old path is a record of its own. */
function dirtyPaths(records: readonly string[]): readonly string[] {
  const paths: string[] = [];
  for (let index = 0; index < records.length; index++) {
    const record = records[index] ?? '';
    if (record.startsWith('? ')) paths.push(record.slice(2));
    else if (record.startsWith('1 ')) paths.push(record.split(' ').slice(8).join(' '));
    else if (record.startsWith('u ')) paths.push(record.split(' ').slice(10).join(' '));
    else if (record.startsWith('2 ')) {
      paths.push(record.split(' ').slice(9).join(' '));
      index++;
    }
  }
  return paths;
}
