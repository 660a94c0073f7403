import { createHash, randomBytes } from 'node:crypto';
import type { World } from '../io/world';
import { createCommitWriter } from './commits';
import { createLedgerGit, type LedgerGit } from './ledger-git';
import { currentProcess, isKnownDead, type ProcessIdentity } from './process-identity';
import { describeGit } from './remote-git';

/** What the ledger needs of a remote, tried out on refs that are removed again. */
export type Ability = 'create' | 'swap' | 'atomic' | 'delete';

export interface ProbedAbility {
  readonly ability: Ability;
  readonly able: boolean;
  /** What was seen; git's own words where it was refused. */
  readonly told: string;
}

export interface RemoteProbeOptions {
  readonly remote: string;
  /** Whether refs of its own or branches are tried. */
  readonly store: 'refs' | 'branch';
  /** Milliseconds for one exchange with the remote. */
  readonly timeout: number;
}

const PREFIX = { refs: 'refs/slipway/probe/', branch: 'refs/heads/slipway/probe/' } as const;
/** Milliseconds after which a scratch ref was left by a probe that was killed, wherever it ran. */
const LEFT = 10 * 60_000;

/**
 * Tries out whether the remote creates, swaps (and refuses stale pushes), takes several refs or none, and deletes. Scratch refs that an
 * earlier probe left are removed first, its own ones at the end, also when the step is being stopped.
 * @returns what was found out; abilities that rest on a missing one are left out.
 * @throws {LedgerError} when git does not know who writes; RunError when it is being stopped.
 */
export async function probeRemote(
  world: Pick<World, 'git' | 'clock' | 'finishing'>,
  options: RemoteProbeOptions,
): Promise<readonly ProbedAbility[]> {
  const me = currentProcess();
  const now = world.clock.now().getTime();
  const server = talk(createLedgerGit(world.git), options);
  await server.remove(
    [...(await server.list(`${PREFIX[options.store]}*`)).keys()].filter((ref) => isLeft(ref, me, now)),
  );
  const name = `${PREFIX[options.store]}${Math.floor(now / 1_000)}-${machineOf(me)}-${me.pid}-${randomBytes(4).toString('hex')}`;
  const writer = createCommitWriter(createLedgerGit(world.git));
  const commit = (text: string, parents: readonly string[] = []) =>
    writer.write(`slipway probe: ${text}\n`, { parents, at: world.clock.now(), signed: false });
  try {
    return options.store === 'refs' ? await probeRefs(server, name, commit) : await probeBranch(server, name, commit);
  } finally {
    const last = talk(createLedgerGit(world.finishing?.git ?? world.git), options);
    // Also those that the remote does not show.
    await last.remove([...new Set([...(await last.list(`${name}*`)).keys(), ...server.made])]);
  }
}

type Commit = (text: string, parents?: readonly string[]) => Promise<string>;

async function probeRefs(server: Server, name: string, commit: Commit): Promise<readonly ProbedAbility[]> {
  const [a, b] = [`${name}-a`, `${name}-b`];
  const [one, two, three] = [await commit('one'), await commit('two'), await commit('three')];
  const lease = (ref: string, expected: string) => `--force-with-lease=${ref}:${expected}`;
  const found: ProbedAbility[] = [];
  const add = (ability: Ability, problem: string | null, well: string) => {
    found.push({ ability, able: problem === null, told: problem ?? well });
    return problem === null;
  };

  const created = await server.push([lease(a, '')], [`${one}:${a}`]);
  const seen = (await server.list(`${name}*`)).get(a);
  const hidden = seen === one ? null : 'it takes them, but does not show them again';
  if (!add('create', created ?? hidden, 'takes refs of its own')) return found;

  const swapped = await server.push([lease(a, one)], [`${two}:${a}`]);
  const stale = await server.push([lease(a, one)], [`${three}:${a}`]);
  const swapProblem = swapped ?? (stale === null ? 'a push that expected an older state was taken' : null);
  if (!add('swap', swapProblem, 'moves a ref from where it is expected, and refuses what is stale')) return found;

  const together = await server.push(['--atomic', lease(a, two), lease(b, '')], [`${three}:${a}`, `${one}:${b}`]);
  let problem = together;
  if (problem === null) {
    await server.push(['--atomic', lease(a, two), lease(b, one)], [`${one}:${a}`, `${two}:${b}`]);
    // One that only the server can refuse: a ref below another one.
    await server.push(['--atomic', lease(b, one)], [`${two}:${b}`, `${one}:${a}/below`]);
    const after = await server.list(`${name}*`);
    if (after.get(a) !== three || after.get(b) !== one) problem = 'one ref moved although the other one was refused';
  }
  add('atomic', problem, 'moves several refs together, or none of them');
  add('delete', await server.remove([a, ...(together === null ? [b] : [])]), 'removes refs');
  return found;
}

async function probeBranch(server: Server, name: string, commit: Commit): Promise<readonly ProbedAbility[]> {
  const one = await commit('one');
  const [two, three] = [await commit('two', [one]), await commit('three', [one])];
  const created = await server.push([], [`${one}:${name}`]);
  if (created !== null) return [{ ability: 'create', able: false, told: created }];
  const moved = await server.push([], [`${two}:${name}`]);
  const stale = await server.push([], [`${three}:${name}`]);
  const problem = moved ?? (stale === null ? 'a push that was no fast-forward was taken' : null);
  const removed = await server.remove([name]);
  return [
    { ability: 'create', able: true, told: 'takes branches' },
    { ability: 'swap', able: problem === null, told: problem ?? 'moves a branch on, and refuses what is stale' },
    { ability: 'delete', able: removed === null, told: removed ?? 'removes branches' },
  ];
}

interface Server {
  /** Refs that were pushed and not removed. */
  readonly made: ReadonlySet<string>;
  /** Null when it was taken, else why not. */
  push(options: readonly string[], refspecs: readonly string[]): Promise<string | null>;
  list(pattern: string): Promise<ReadonlyMap<string, string>>;
  remove(refs: readonly string[]): Promise<string | null>;
}

function talk(git: LedgerGit, { remote, timeout }: RemoteProbeOptions): Server {
  const made = new Set<string>();
  const push: Server['push'] = async (options, refspecs) => {
    const args = ['push', '--porcelain', '--no-verify', '--no-follow-tags', '--recurse-submodules=no'];
    const { exitCode, stdout, stderr } = await git.once([...args, ...options, remote, ...refspecs], { timeout });
    if (exitCode !== 0) return describeGit(`${stderr}\n${stdout}`);
    for (const [source = '', ref = ''] of refspecs.map((refspec) => refspec.split(':'))) {
      if (source === '') made.delete(ref);
      else made.add(ref);
    }
    return null;
  };
  return {
    made,
    push,
    async list(pattern) {
      const { stdout } = await git.once(['ls-remote', '--quiet', remote, pattern], { timeout });
      return new Map(
        stdout.split('\n').flatMap((line): [string, string][] => {
          const [id, ref] = line.split('\t');
          return id && ref ? [[ref, id]] : [];
        }),
      );
    },
    remove: async (refs) =>
      refs.length === 0
        ? null
        : push(
            [],
            refs.map((ref) => `:${ref}`),
          ),
  };
}

function isLeft(ref: string, me: ProcessIdentity, now: number): boolean {
  const [, seconds, machine, pid] = /\/probe\/(\d+)-([0-9a-f]+)-(\d+)-/.exec(ref) ?? [];
  if (seconds === undefined) return false;
  if (Math.abs(now - Number(seconds) * 1_000) > LEFT) return true;
  return machine === machineOf(me) && isKnownDead({ ...me, pid: Number(pid), started: null }, me);
}

/** The machine, boot and namespace that a process id counts in, without naming them. */
function machineOf({ host, boot, namespace }: ProcessIdentity): string {
  return createHash('sha256')
    .update(JSON.stringify([host, boot, namespace]))
    .digest('hex')
    .slice(0, 12);
}
