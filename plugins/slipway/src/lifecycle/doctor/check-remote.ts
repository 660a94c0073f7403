import { hasRemote } from '../../io/remote';
import { LEDGER_BRANCH } from '../../ledger/refs';
import { describeGit } from '../../ledger/remote-git';
import { probeRemote, type ProbedAbility } from '../../ledger/remote-probe';
import type { StepContext } from '../context';
import { PATIENCE, type Check } from './check';
import { bad, good, unknown, type Diagnosis } from './diagnosis';

/** Whether the remote is there, and can hold the ledger. Tries it out on scratch refs, which it removes again. */
export const checkRemote: Check = {
  name: 'remote',
  async examine({ context }) {
    const { world, config, dryRun } = context;
    const { remote, ledger: store } = config.release;
    if (!(await hasRemote(world.git, remote)))
      return [
        unknown(
          'remote',
          `there is no remote '${remote}': the ledger stays in this clone, and locks nobody else out`,
          `git remote add ${remote} <url>`,
        ),
      ];
    const listed = await world.git.run(['ls-remote', '--quiet', remote, LEDGER_BRANCH], { timeout: PATIENCE });
    if (listed.exitCode !== 0)
      return [
        bad('remote', `'${remote}' can't be reached: ${describeGit(listed.stderr)}`, `check: git ls-remote ${remote}`),
      ];
    const found = [good('remote', `'${remote}' answers`)];
    if (store === 'refs' && listed.stdout !== '')
      found.push(bad('ledger', `'${remote}' keeps its ledger in a branch`, ADVICE));
    if (dryRun) return [...found, unknown('ledger', 'not tried out: it is a dry run', 'run it without --dry-run')];
    return [...found, ...(await probes(context, remote, store))];
  },
};

const ADVICE = 'set "release": { "ledger": "branch" } in slipway.json';
/** What the ledger can't do without. That scratch refs stay is only untidy. */
const NEEDED: readonly string[] = ['create', 'swap', 'atomic'];

async function probes({ world }: StepContext, remote: string, store: 'refs' | 'branch'): Promise<readonly Diagnosis[]> {
  const probed = await probeRemote(world, { remote, store, timeout: PATIENCE });
  const broken = probed.filter(({ able, ability }) => !able && NEEDED.includes(ability));
  const what = store === 'refs' ? 'ledger refs' : 'ledger branch';
  if (broken.length === 0)
    return probed.map((ability) => diagnose(ability, what, `remove what is left: ${leftovers(remote)}`));
  if (store === 'branch')
    return probed.map((ability) =>
      diagnose(ability, what, `ask whoever runs '${remote}' to let you push branches below slipway/`),
    );
  // What is advised was tried out as well.
  const branch = await probeRemote(world, { remote, store: 'branch', timeout: PATIENCE });
  const works = branch.every(({ able, ability }) => able || !NEEDED.includes(ability));
  const remedy = works
    ? `${ADVICE}: this host takes branches`
    : `choose another host for release.remote: '${remote}' takes neither refs nor branches`;
  return probed.map((ability) => diagnose(ability, what, remedy));
}

function diagnose({ ability, able, told }: ProbedAbility, what: string, remedy: string): Diagnosis {
  const name = `${what}: ${ability}`;
  return able ? good(name, told) : bad(name, told, remedy);
}

function leftovers(remote: string): string {
  return `git ls-remote ${remote} 'refs/slipway/probe/*' 'refs/heads/slipway/probe/*'`;
}
