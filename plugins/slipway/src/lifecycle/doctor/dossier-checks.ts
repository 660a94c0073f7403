import type { KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { parseStatement, PAYLOAD_TYPE, sha256Of, type Statement } from '../../evidence/dossier';
import {
  DsseError,
  isSignedBy,
  keyIdOf,
  parseEnvelope,
  payloadOf,
  publicKey,
  type Envelope,
} from '../../evidence/dsse';
import { errorCode } from '../../io/error-code';
import type { Git } from '../../io/git';
import { readTextIfThere } from '../../io/read-if-there';
import { RELEASE_STREAM, type StoredDossier } from '../../ledger/events';
import { LedgerError } from '../../ledger/ledger';
import { isPresent, localTag } from '../../tag/inspect';
import type { StepContext } from '../context';
import { bad, good, type Diagnosis } from './diagnosis';

/**
 * Whether a dossier is what it claims to be: signed by the key, well-formed, about a commit of this repository that bears the release's tag,
 * and known to the ledger. Needs no network; without it, what the ledger says may be unknown.
 * @param file paths as a person gives them, relative to the workspace.
 */
export async function examineDossier(
  context: StepContext,
  { file, key }: { readonly file: string; readonly key: string | null },
): Promise<readonly Diagnosis[]> {
  const { world } = context;
  const text = await readFileIfThere(resolve(world.root, file));
  if (text === null)
    return [bad('file', `there is no file ${file}`, 'name a dossier: --dossier=.slipway/dossier/<version>.json')];
  let envelope: Envelope;
  try {
    envelope = parseEnvelope(text);
  } catch (error) {
    if (error instanceof DsseError) return [bad('envelope', `${file} is no dossier: ${error.message}`)];
    throw error;
  }
  if (envelope.payloadType !== PAYLOAD_TYPE)
    return [bad('envelope', `${file} is no dossier: its payload is of type ${envelope.payloadType}`)];
  const stored = await storedDossier(context, sha256Of(text));
  const found = [await signature(world.root, envelope, key, stored === 'known')];
  const statement = parseStatement(payloadOf(envelope).toString('utf8'));
  if ('problem' in statement)
    return [...found, bad('statement', `${file} is no dossier: ${String(statement.problem)}`)];
  found.push(good('statement', `made ${statement.predicate.timeCreated} by ${statement.predicate.verifier.id}`));
  found.push(await subject(world.git, statement));
  found.push(ledgerSays(stored));
  return found;
}

async function signature(root: string, envelope: Envelope, path: string | null, known: boolean): Promise<Diagnosis> {
  if (envelope.signatures.length === 0) {
    if (path === null && known)
      return good('signature', 'nobody signed it; that the ledger knows it is all that vouches for it');
    return bad('signature', 'nobody signed it', 'set "dossier.key" in slipway.json, then check the release again');
  }
  if (path === null)
    return {
      name: 'signature',
      state: 'unknown',
      told: 'no public key was given to check it by',
      remedy: '--key=<public key, PEM>',
    };
  const pem = await readFileIfThere(resolve(root, path));
  if (pem === null) return bad('signature', `there is no file ${path}`, '--key=<public key, PEM>');
  let key: KeyObject;
  try {
    key = publicKey(pem);
  } catch (error) {
    if (error instanceof DsseError) return bad('signature', `${path} does not do: ${error.message}`);
    throw error;
  }
  if (isSignedBy(envelope, key)) return good('signature', `signed by the key ${keyIdOf(key).slice(0, 16)}`);
  const foreign = envelope.signatures.every(({ keyid }) => keyid !== keyIdOf(key));
  return bad(
    'signature',
    foreign
      ? `another key than ${path} signed it`
      : `what was signed is not what it holds: it was changed after the key of ${path} signed it`,
  );
}

async function subject(git: Git, statement: Statement): Promise<Diagnosis> {
  const release = statement.subject.find(({ digest }) => digest['gitCommit'] !== undefined);
  const commit = release?.digest['gitCommit'] ?? '';
  const name = release?.name ?? '';
  if (!/^[0-9a-f]{40,64}$/.test(commit)) return bad('subject', 'it is about no commit');
  if (!(await isPresent(git, commit)))
    return bad(
      'subject',
      `it is about commit ${commit.slice(0, 8)}, which this repository does not hold`,
      'git fetch --all --tags',
    );
  const images = statement.subject.filter(({ digest }) => digest['sha256'] !== undefined).length;
  const about = `about commit ${commit.slice(0, 8)} and ${images === 1 ? 'one image' : `${images} images`}`;
  const tagged = name === '' ? null : await localTag(git, name);
  if (tagged === null) return good('subject', `${about}; ${name === '' ? 'no tag' : name} is not tagged here`);
  if (tagged === commit) return good('subject', `${about}, tagged ${name}`);
  return bad('subject', `it is ${about}, but ${name} marks ${tagged.slice(0, 8)}`);
}

/** `other`: the ledger holds dossiers, but not this one. */
type Standing = 'known' | 'other' | { readonly unread: string };

async function storedDossier({ ledger }: StepContext, sha256: string): Promise<Standing> {
  try {
    const events = await ledger.read(RELEASE_STREAM);
    const stored = events.flatMap(({ body }): StoredDossier[] =>
      body.kind === 'check' && body.dossier ? [body.dossier] : [],
    );
    return stored.some((dossier) => dossier.sha256 === sha256) ? 'known' : 'other';
  } catch (error) {
    if (error instanceof LedgerError) return { unread: error.message };
    throw error;
  }
}

function ledgerSays(stored: Standing): Diagnosis {
  if (stored === 'known') return good('ledger', 'the ledger knows it');
  if (stored === 'other') return bad('ledger', 'the ledger holds no such dossier');
  return { name: 'ledger', state: 'unknown', told: `the ledger could not be read: ${stored.unread}` };
}

/** A folder is no file either. */
async function readFileIfThere(path: string): Promise<string | null> {
  try {
    return await readTextIfThere(path);
  } catch (error) {
    if (errorCode(error) === 'EISDIR') return null;
    throw error;
  }
}
