import type { KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { DsseError, privateKey } from '../evidence/dsse';
import { readTextIfThere } from '../io/read-if-there';
import type { Refusal } from '../ledger/outcome';
import type { StepContext } from './context';

/** The key that dossiers are signed with: null where none is configured. A key that is named and can't be used is a refusal. */
export async function dossierKey({
  world,
  config,
}: Pick<StepContext, 'world' | 'config'>): Promise<{ readonly key: KeyObject | null } | { readonly refusal: Refusal }> {
  const named = config.dossier.key;
  if (named === undefined) return { key: null };
  const refused = (what: string): { readonly refusal: Refusal } => ({
    refusal: {
      id: 'dossierKey',
      reason: `dossiers can't be signed: ${named} ${what}`,
      remedy:
        'set it to an Ed25519 private key in PEM (openssl genpkey -algorithm ed25519), or take "dossier.key" out of slipway.json',
    },
  });
  const [kind, name] = [named.slice(0, named.indexOf(':')), named.slice(named.indexOf(':') + 1)];
  const pem = kind === 'env' ? (world.env[name] ?? null) : await readTextIfThere(resolve(world.root, name));
  if (pem === null || pem.trim() === '') return refused(kind === 'env' ? 'is not set' : 'is not there');
  try {
    // Variables of CI often hold line breaks as \n.
    return { key: privateKey(pem.replaceAll('\\n', '\n')) };
  } catch (error) {
    if (error instanceof DsseError) return refused(`does not do: ${error.message}`);
    throw error;
  }
}
