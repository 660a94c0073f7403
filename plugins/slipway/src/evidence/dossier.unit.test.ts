import { generateKeyPairSync } from 'node:crypto';
import { parseStatement, PAYLOAD_TYPE, sealDossier, sha256Of, type DossierFacts } from './dossier';
import {
  DsseError,
  isSignedBy,
  keyIdOf,
  parseEnvelope,
  payloadOf,
  preAuthEncoding,
  privateKey,
  publicKey,
} from './dsse';

const { privateKey: secret, publicKey: open } = generateKeyPairSync('ed25519');
const facts: DossierFacts = {
  version: '1.1.0',
  tag: 'v1.1.0',
  commit: 'b'.repeat(40),
  images: { 'desk/web': `sha256:${'1'.repeat(64)}` },
  tool: { name: 'nx-slipway', version: '0.1.0' },
  at: '2026-03-10T12:00:00.000Z',
  checks: [
    { check: 'tests', verdict: 'pass' },
    { check: 'tests', verdict: 'notApplicable' },
    { check: 'security', verdict: 'pass' },
    { check: 'security', verdict: 'waived' },
    { check: 'accessibility', verdict: 'notApplicable' },
    { check: 'coverage', verdict: 'inconclusive' },
  ],
  details: { gated: 'a'.repeat(40) },
};

describe('a dossier', () => {
  it('is an in-toto statement with a simple verification result about commit and images', () => {
    const { envelope } = sealDossier(facts, secret);
    expect(envelope.payloadType).toBe('application/vnd.in-toto+json');
    expect(JSON.parse(payloadOf(envelope).toString())).toEqual({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [
        { name: 'v1.1.0', digest: { gitCommit: 'b'.repeat(40) } },
        { name: 'desk/web', digest: { sha256: '1'.repeat(64) } },
      ],
      predicateType: 'https://in-toto.io/attestation/svr/v0.1',
      predicate: {
        verifier: { id: 'pkg:npm/nx-slipway@0.1.0' },
        timeCreated: '2026-03-10T12:00:00.000Z',
        properties: ['SLIPWAY_TESTS_PASS', 'SLIPWAY_SECURITY_WAIVED'],
        'pkg:npm/nx-slipway#dossier': { version: '1.1.0', gated: 'a'.repeat(40) },
      },
    });
    expect(parseStatement(payloadOf(envelope).toString())).not.toHaveProperty('problem');
  });

  it('is signed with the key, by whose public half anybody can tell', () => {
    const { text, keyId, sha256 } = sealDossier(facts, secret);
    const envelope = parseEnvelope(text);
    expect(isSignedBy(envelope, open)).toBe(true);
    expect([keyId, sha256]).toEqual([keyIdOf(open), sha256Of(text)]);
    expect(isSignedBy(envelope, generateKeyPairSync('ed25519').publicKey)).toBe(false);
  });

  it('is not valid any more once anything in it was changed', () => {
    const { envelope } = sealDossier(facts, secret);
    const payload = Buffer.from(payloadOf(envelope).toString().replace('1.1.0', '1.1.1')).toString('base64');
    expect(isSignedBy({ ...envelope, payload }, open)).toBe(false);
    expect(isSignedBy({ ...envelope, payloadType: 'text/plain' }, open)).toBe(false);
    expect(isSignedBy({ ...envelope, signatures: [] }, open)).toBe(false);
  });

  it('has no signature without a key, and says so by having none', () => {
    const { envelope, keyId } = sealDossier(facts, null);
    expect([envelope.signatures, keyId]).toEqual([[], null]);
  });
});

describe('an envelope', () => {
  it('signs type and body with their lengths in bytes', () => {
    expect(preAuthEncoding('http://example.com/HelloWorld', Buffer.from('hello world')).toString()).toBe(
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    );
    expect(preAuthEncoding('ü', Buffer.from('é')).toString()).toBe('DSSEv1 2 ü 2 é');
  });

  it.each([
    ['nothing', ''],
    ['other JSON', '{"v":1}'],
    ['a payload that is not base64', JSON.stringify({ payload: '{}', payloadType: PAYLOAD_TYPE, signatures: [] })],
    ['signatures that are none', JSON.stringify({ payload: 'e30=', payloadType: PAYLOAD_TYPE, signatures: [{}] })],
  ])('is not %s', (_what, text) => expect(() => parseEnvelope(text)).toThrow(DsseError));

  it('takes both alphabets of base64', () => {
    const { envelope } = sealDossier(facts, secret);
    const url = (text: string) => text.replaceAll('+', '-').replaceAll('/', '_');
    const other = {
      ...envelope,
      payload: url(envelope.payload),
      signatures: envelope.signatures.map(({ keyid, sig }) => ({ keyid, sig: url(sig) })),
    };
    expect(isSignedBy(parseEnvelope(JSON.stringify(other)), open)).toBe(true);
  });
});

describe('a key', () => {
  it('is Ed25519 in PEM, and nothing of another one is told', () => {
    expect(keyIdOf(privateKey(secret.export({ type: 'pkcs8', format: 'pem' }).toString()))).toBe(keyIdOf(open));
    expect(keyIdOf(publicKey(open.export({ type: 'spki', format: 'pem' }).toString()))).toBe(keyIdOf(open));
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    });
    expect(() => privateKey(other.toString())).toThrow('it is a key for ec, not for Ed25519');
    expect(() => privateKey('hunter2')).toThrow(/^it is no private key in PEM$/);
  });
});

it.each([
  ['no JSON', 'x'],
  ['another statement', JSON.stringify({ _type: 'https://in-toto.io/Statement/v0.1', subject: [] })],
  [
    'another predicate',
    JSON.stringify({ _type: 'https://in-toto.io/Statement/v1', subject: [{ digest: {} }], predicateType: 'x' }),
  ],
])('a payload of %s is no dossier', (_what, payload) => expect(parseStatement(payload)).toHaveProperty('problem'));
