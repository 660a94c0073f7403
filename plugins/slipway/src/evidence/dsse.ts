import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** A signed document: Dead Simple Signing Envelope 1.0. Unsigned, it has no signatures. */
export interface Envelope {
  /** Base64. */
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/** A key that can't be used, or an envelope that can't be read. */
export class DsseError extends Error {
  override readonly name = 'DsseError';
}

const base64 = z.string().regex(/^[A-Za-z0-9+/_-]*={0,2}$/, 'base64');
const envelopeSchema = z.object({
  payload: base64.min(1),
  payloadType: z.string().min(1),
  signatures: z.array(z.object({ keyid: z.string().default(''), sig: base64.min(1) })),
});

/** What is signed: type and body with their lengths, so that neither can run into the other. */
export function preAuthEncoding(type: string, body: Uint8Array): Buffer {
  const start = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${body.length} `;
  return Buffer.concat([Buffer.from(start), body]);
}

/** @param key Ed25519; null leaves it unsigned. */
export function seal(payloadType: string, body: Uint8Array, key: KeyObject | null): Envelope {
  const signatures =
    key === null
      ? []
      : [{ keyid: keyIdOf(key), sig: sign(null, preAuthEncoding(payloadType, body), key).toString('base64') }];
  return { payload: Buffer.from(body).toString('base64'), payloadType, signatures };
}

/** @throws {DsseError} where the text is no envelope. */
export function parseEnvelope(text: string): Envelope {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new DsseError('it is not JSON');
  }
  const parsed = envelopeSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new DsseError(`it is not a DSSE envelope (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`);
}

export function payloadOf({ payload }: Envelope): Buffer {
  // Node reads both alphabets of base64, as readers of envelopes must.
  return Buffer.from(payload, 'base64');
}

/** Whether one of its signatures was made with the key that belongs to this public one. The key's id is a hint, and not relied on. */
export function isSignedBy(envelope: Envelope, key: KeyObject): boolean {
  const signed = preAuthEncoding(envelope.payloadType, payloadOf(envelope));
  return envelope.signatures.some(({ sig }) => verify(null, signed, key, Buffer.from(sig, 'base64')));
}

/** @throws {DsseError} unless it is an Ed25519 private key in PEM. */
export function privateKey(pem: string): KeyObject {
  return ed25519(() => createPrivateKey(pem), 'private');
}

/** The public key; a private one gives its own. @throws {DsseError} unless it is an Ed25519 key in PEM. */
export function publicKey(pem: string): KeyObject {
  return ed25519(() => createPublicKey(pem), 'public');
}

/** SHA-256 of the public key (DER), hexadecimal. */
export function keyIdOf(key: KeyObject): string {
  const own = key.type === 'private' ? createPublicKey(key) : key;
  return createHash('sha256')
    .update(own.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

function ed25519(read: () => KeyObject, kind: string): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch {
    // What OpenSSL says could quote the key.
    throw new DsseError(`it is no ${kind} key in PEM`);
  }
  if (key.asymmetricKeyType !== 'ed25519')
    throw new DsseError(`it is a key for ${key.asymmetricKeyType ?? 'something else'}, not for Ed25519`);
  return key;
}
