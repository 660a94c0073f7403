import { guard } from '../apply';
import { takesBackup } from './backup-room';
import { conclude, recordedStep, type Deployment } from './deployment';
import { neededBackups } from './needed';
import type { PipelineStep } from './step';

/** Backs the data up before anything touches it: always, or before migrations, as configured. */
export const backup: PipelineStep<null> = {
  name: 'backup',
  async probe(deployment) {
    const backups = backupsOf(deployment);
    if (backups === null || !takesBackup(deployment.session.assets?.database ?? null, deployment))
      return { kind: 'notNeeded' };
    const taken = recordedStep(deployment, 'backup')?.backup ?? null;
    if (taken === null) return { kind: 'needed' };
    const isIntact = (await backups.list()).some(({ id, sha256 }) => id === taken.id && sha256 === taken.sha256);
    return isIntact ? { kind: 'done', detail: 'it was taken before', backup: taken } : { kind: 'needed' };
  },
  intent: ({ session, release }) => ({ detail: `back up ${session.environment} before ${release.version}` }),
  async act({ session, id, state, ...deployment }) {
    const backups = backupsOf({ session });
    if (backups === null) throw new Error('a deployment without backups asked for one');
    session.world.log.info(`Backing ${session.environment} up before ${deployment.release.version}`);
    const taken = await backups.take(id, { guard: () => guard(session), needed: neededBackups(state) });
    const proof = { true: ', restored as a proof', false: ', which does not restore', null: '' }[`${taken.proven}`];
    const detail = `${taken.bytes} bytes, SHA-256 ${taken.sha256.slice(0, 12)}…${proof}`;
    return { kind: 'done', evidence: { detail, backup: taken }, result: null };
  },
  compensate: (deployment, { reason, remedy }) => {
    const { commands } = deployment.session;
    const why = `the backup failed: ${reason}`;
    return conclude(deployment, { kind: 'failed', reason: why, remedy: remedy ?? commands.deploy }, why);
  },
};

function backupsOf({ session }: Pick<Deployment, 'session'>) {
  return session.assets?.database?.backups ?? null;
}
