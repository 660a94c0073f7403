import { command, result, type Step } from '../context';
import { examineDossier } from '../doctor/dossier-checks';

export interface DoctorOptions {
  /** File of a dossier. */
  readonly dossier?: string;
  /** File of the public key (PEM) that it is signed with. */
  readonly key?: string;
}

/** Examines, and changes nothing. */
export const doctor: Step<DoctorOptions> = async (context, { dossier = '', key = '' }) => {
  if (dossier === '')
    return result({
      kind: 'refused',
      refusals: [
        {
          id: 'dossierNamed',
          reason: 'there is nothing to examine',
          remedy: `name a dossier: ${command(context, 'release-doctor', '--dossier=.slipway/dossier/<version>.json', '--key=<public key, PEM>')}`,
        },
      ],
    });
  const found = await examineDossier(context, { file: dossier, key: key === '' ? null : key });
  const lines = found.map(({ name, state, told }) => `${MARKS[state]} ${name}: ${told}`);
  const bad = found.filter(({ state }) => state === 'bad');
  // What the ledger holds may be out of reach; who signed it must be known.
  const open = found.filter(({ name, state }) => state === 'unknown' && name === 'signature');
  const first = bad[0] ?? open[0];
  const data = { dossier, diagnoses: found };
  if (first === undefined)
    return result(
      { kind: 'done', summary: `${dossier} is what it claims to be: ${found.map(({ told }) => told).join('; ')}` },
      data,
      lines,
    );
  if (bad.length === 0)
    return result(
      {
        kind: 'unknown',
        reason: `${dossier} may be genuine: ${first.told}`,
        findOut: command(context, 'release-doctor', `--dossier=${dossier}`, '--key=<public key, PEM>'),
      },
      data,
      lines,
    );
  return result(
    {
      kind: 'failed',
      reason: `${dossier} is not to be relied on: ${bad.map(({ told }) => told).join('; ')}`,
      remedy: first.remedy ?? 'get the dossier from whoever made the release',
    },
    data,
    lines,
  );
};

const MARKS = { good: '✓', bad: '✗', unknown: '?' } as const;
