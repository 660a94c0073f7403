import semver from 'semver';
import type { Check } from './check';
import { bad, good } from './diagnosis';

/** Merges without a work tree. */
const OLDEST = '2.38.0';

export const checkGit: Check = {
  name: 'git',
  async examine({ context: { world } }) {
    const said = await world.git.text(['--version']);
    const version = semver.coerce(said)?.version ?? null;
    const identity = await world.git.run(['-c', 'user.useConfigOnly=true', 'var', 'GIT_AUTHOR_IDENT']);
    const person = /^(.* <[^>]*>) \d+/.exec(identity.stdout)?.[1];
    return [
      version !== null && semver.gte(version, OLDEST)
        ? good('git', version)
        : bad('git', `${said} is too old`, `install git ${OLDEST} or newer`),
      identity.exitCode === 0 && person !== undefined
        ? good('git identity', person)
        : bad(
            'git identity',
            'git does not know who you are, and the ledger records who did what',
            'git config user.name "Your Name" && git config user.email you@example.org',
          ),
    ];
  },
};
