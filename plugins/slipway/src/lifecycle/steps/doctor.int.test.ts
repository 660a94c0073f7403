import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sealDossier } from '../../evidence/dossier';
import { Desk, deskConfiguration } from '../testing/desk';
import { runners } from '../testing/runners';
import { doctor, type DoctorOptions } from './doctor';

const FILE = '.slipway/dossier/1.1.0.json';
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const stranger = generateKeyPairSync('ed25519');

let desk: Desk;
const run = runners(() => desk);
const examine = (options: DoctorOptions) => desk.run(doctor, options, { target: 'release-doctor' });
/** A release that passed its check. */
const release = async (world = {}) => {
  await run.plan();
  await run.bump();
  await desk.judge();
  const checked = await run.check({ world });
  expect(checked.said).toMatch(/^Done/);
  return readFileSync(join(desk.root, FILE), 'utf8');
};
beforeEach(() => {
  desk = new Desk();
  desk.write({
    '.slipway/key.pub': publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    '.slipway/stranger.pub': stranger.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  });
});
afterEach(() => desk.remove());

it('vouches for a signed dossier, by its key, commit, tag and the ledger, and for no other', async () => {
  desk.config = deskConfiguration({ dossier: { key: 'env:RELEASE_KEY' } });
  const text = await release({ env: { RELEASE_KEY: pem.replaceAll('\n', '\\n') } });
  const event = (await desk.events()).at(-1);
  expect(event).toMatchObject({ kind: 'check', passed: true, dossier: { envelope: text, keyId: expect.any(String) } });

  const well = await examine({ dossier: FILE, key: '.slipway/key.pub' });
  expect(well.said).toMatch(
    /^Done: .*1\.1\.0\.json is what it claims to be: signed by the key .*the ledger knows it\.$/,
  );
  expect((await examine({ dossier: FILE })).outcome).toMatchObject({ kind: 'unknown' });
  expect((await examine({ dossier: FILE, key: '.slipway/stranger.pub' })).said).toMatch(
    /another key than .* signed it/,
  );

  const envelope = JSON.parse(text) as { payload: string };
  const forged = Buffer.from(envelope.payload, 'base64').toString().replace('SLIPWAY_TESTS_PASS', 'SLIPWAY_TESTS_GOOD');
  desk.write({ [FILE]: JSON.stringify({ ...envelope, payload: Buffer.from(forged).toString('base64') }) });
  const tampered = await examine({ dossier: FILE, key: '.slipway/key.pub' });
  expect(tampered.outcome.kind).toBe('failed');
  expect(tampered.said).toMatch(/it was changed after the key .* the ledger holds no such dossier/);

  const facts = {
    version: '1.1.0',
    tag: 'v1.0.0',
    images: {},
    tool: { name: 'x', version: '1' },
    checks: [],
    details: {},
  };
  const at = new Date().toISOString();
  const elsewhere = sealDossier({ ...facts, at, commit: desk.head() }, privateKey);
  desk.write({ [FILE]: elsewhere.text });
  expect((await examine({ dossier: FILE, key: '.slipway/key.pub' })).said).toMatch(/but v1\.0\.0 marks/);
  const nowhere = sealDossier({ ...facts, at, commit: 'e'.repeat(40) }, privateKey);
  desk.write({ [FILE]: nowhere.text });
  expect((await examine({ dossier: FILE, key: '.slipway/key.pub' })).said).toMatch(
    /which this repository does not hold/,
  );
});

it('takes the ledger for the witness of a dossier that nobody signed, and none where one was to sign', async () => {
  await release();
  expect((await examine({ dossier: FILE })).said).toMatch(/^Done: .*nobody signed it; that the ledger knows it is all/);
  expect((await examine({ dossier: FILE, key: '.slipway/key.pub' })).said).toMatch(
    /not to be relied on: nobody signed it/,
  );
});

it.each([
  ['an environment that is not there', { env: 'qa' }, 'refused', /there is no environment 'qa'/],
  ['a file that is not there', { dossier: 'nowhere.json' }, 'failed', /there is no file nowhere\.json/],
  ['something else', { dossier: 'packages/ui/package.json' }, 'failed', /is no dossier: it is not a DSSE envelope/],
  ['no JSON at all', { dossier: 'packages/ui/index.js' }, 'failed', /is no dossier: it is not JSON/],
])('tells that it was given %s', async (_what, options, kind, said) => {
  const ended = await examine(options);
  expect([ended.outcome.kind, ended.said]).toEqual([kind, expect.stringMatching(said)]);
});

it('is not reached where the key can not be used: nothing is sealed unsigned by mistake', async () => {
  desk.config = deskConfiguration({ dossier: { key: 'file:.slipway/missing.pem' } });
  await run.plan();
  await run.bump();
  await desk.judge();
  expect((await run.check()).outcome).toMatchObject({ kind: 'refused', refusals: [{ id: 'dossierKey' }] });
  desk.write({ '.slipway/missing.pem': 'not a key' });
  expect((await run.check()).said).toMatch(/it is no private key in PEM/);
  expect((await desk.events()).some(({ kind }) => kind === 'check')).toBe(false);
});

describe('what deployments rely on', () => {
  const findings = (ended: { readonly data: unknown }) =>
    (ended.data as { readonly diagnoses: readonly { name: string; state: string; told: string; remedy?: string }[] })
      .diagnoses;
  const images = {
    api: { dockerfile: 'Dockerfile', context: ['packages/api'], repository: 'desk/api', variable: 'API_IMAGE' },
  };
  const environment = {
    compose: 'compose.yml',
    project: 'desk-prod',
    envFiles: [{ path: 'prod.env' }, { path: '.slipway/secrets.env' }, { path: '.slipway/missing.env' }],
  };
  const refs = () =>
    desk.repositories.git(
      desk.remote ?? '',
      'for-each-ref',
      '--format=%(refname)',
      'refs/slipway',
      'refs/heads/slipway',
    );

  it('is told as a table, with what mends it, and nothing stays on the remote', async () => {
    desk.config = deskConfiguration({ images, environments: { prod: environment } });
    desk.write({ 'prod.env': 'A=1\n', '.slipway/secrets.env': 'B=secret\n' });
    desk.commit('chore: environment');
    chmodSync(join(desk.root, '.slipway/secrets.env'), 0o644);
    const ended = await examine({});
    const found = findings(ended);
    const of = (name: string) => found.filter((finding) => finding.name === name);
    for (const name of [
      'git',
      'git identity',
      'remote',
      'ledger refs: create',
      'ledger refs: swap',
      'ledger refs: atomic',
      'ledger refs: delete',
      'lock of prod',
      'docker',
      'compose',
      'disk of the workspace',
      'python',
    ])
      expect(of(name)).toEqual([expect.objectContaining({ state: 'good' })]);
    expect(of('clock')).toEqual([
      expect.objectContaining({ state: 'unknown', told: expect.stringContaining('no web server') }),
    ]);
    expect(of('files of prod')).toEqual([
      expect.objectContaining({ state: 'good', told: 'prod.env, tracked by git' }),
      expect.objectContaining({ state: 'bad', remedy: 'chmod 600 .slipway/secrets.env' }),
      expect.objectContaining({ state: 'bad', told: '.slipway/missing.env is missing' }),
    ]);
    expect(ended.outcome.kind).toBe('failed');
    expect(ended.lines.join('\n')).toMatch(/State +What +Found\n✓ good +git /);
    expect(ended.lines.join('\n')).toContain('mend it: chmod 600 .slipway/secrets.env');
    expect(JSON.stringify(ended)).not.toContain('B=secret');
    expect(refs()).toBe('');
  });

  it('tells of a host that can not hold the ledger in refs what to write, having tried it', async () => {
    desk.repositories.git(desk.remote ?? '', 'config', 'receive.advertiseAtomic', 'false');
    const ended = await examine({});
    expect(findings(ended).find(({ name }) => name === 'ledger refs: atomic')).toMatchObject({
      state: 'bad',
      remedy: 'set "release": { "ledger": "branch" } in slipway.json: this host takes branches',
    });
    desk.config = deskConfiguration({ release: { ledger: 'branch' } });
    expect(findings(await examine({})).filter(({ state }) => state === 'bad')).toEqual([]);
    expect(refs()).toBe('');
  });

  it('leaves the remote alone in a dry run', async () => {
    const log = join(desk.repositories.folder, 'pushes');
    desk.repositories.hook(desk.remote ?? '', 'pre-receive', `echo pushed >> ${log}`);
    const ended = await desk.run(doctor, {}, { target: 'release-doctor', dryRun: true });
    expect(findings(ended).find(({ name }) => name === 'ledger')).toMatchObject({ state: 'unknown' });
    expect(existsSync(log)).toBe(false);
  });
});
