import { deploy } from '../../deploy/deploy';
import type { LedgerEventBody } from '../../ledger/events';
import { createMemoryDriver, type MemoryDriver } from '../../testing/memory-driver';
import { admission } from '../admission';
import { bypassNotes } from '../emergency/tell-bypass';
import { readSituation } from '../situation';
import { STEPS } from '../steps';
import { Desk, deskConfiguration } from '../testing/desk';
import { runners } from '../testing/runners';
import { bypass, type BypassOptions } from './bypass';
import { tag } from './tag';

const HOUR = 3_600_000;
const environment = 'prod';
const commands = { deploy: 'deploy', verify: 'verify', rollback: 'rollback', status: 'status' };
const REASON = 'nobody can log in since noon';

let desk: Desk;
let driver: MemoryDriver;
const run = runners(() => desk);
const ask = (options: BypassOptions = { env: environment, reason: REASON }, dryRun = false) =>
  desk.run(bypass, options, { target: 'release-bypass', dryRun });
const refusal = async (options?: BypassOptions) => {
  const { outcome } = await ask(options);
  return outcome.kind === 'refused' ? outcome.refusals[0] : outcome;
};
const inProd = async (kind?: LedgerEventBody['kind']) =>
  (await desk.events(environment)).filter((body) => kind === undefined || body.kind === kind);

/** What release-deploy does, on an engine in memory. @returns its outcome, or which preconditions keep the release out, and what is said of bypasses. */
async function deployTo(): Promise<string> {
  const context = desk.context({ target: 'release-deploy' });
  const situation = await readSituation(context);
  const { preconditions } = STEPS.deploy;
  const admitted = admission({ context, situation, environment, preconditions });
  if (admitted.kind === 'refused')
    return [...admitted.problems.map(({ id }) => id), ...bypassNotes(context, situation, environment)].join('; ');
  if (admitted.kind === 'later') throw new Error('no dry run');
  const { release, lane, held } = admitted;
  const emergency = lane === null ? {} : { emergency: lane };
  const { world, ledger } = context;
  const outcome = await deploy({ world, ledger, environment, commands, driver, release, held, ...emergency });
  return outcome.kind;
}

function configured(freezes: readonly { reason: string; from: string; to: string }[] = []): void {
  desk.config = deskConfiguration({
    images: { ui: { dockerfile: 'D', context: ['.'], repository: 'desk/ui', variable: 'UI' } },
    environments: { prod: { compose: 'c.yml', project: 'p', freezes: [...freezes], requires: { tag: true } } },
  });
}

/** Plans, bumps and builds what is checked out; its gate fails. */
async function release(version: string): Promise<void> {
  expect((await run.plan()).said).toContain(version);
  await run.bump();
  await desk.built(version, version.endsWith('.0') ? '1' : '2');
  await desk.judge({ failed: 1 });
  expect((await run.check()).outcome.kind).toBe('failed');
}

describe('the emergency lane', () => {
  beforeAll(async () => {
    desk = new Desk();
    driver = createMemoryDriver();
    configured();
    await release('1.1.0');
  });
  afterAll(() => desk.remove());

  it('is asked for with a reason, and writes nothing in a dry run', async () => {
    expect(await refusal({ env: environment })).toMatchObject({
      id: 'reasonShort',
      reason: expect.stringMatching(/^the reason is missing/),
    });
    expect(await refusal({ env: environment, reason: 'now!' })).toMatchObject({
      reason: expect.stringContaining('the reason "now!" tells too little'),
      remedy: expect.stringContaining('npx nx release-bypass api --env=prod --reason="…"'),
    });
    expect(await refusal({ reason: REASON })).toMatchObject({ id: 'environmentKnown' });
    const rehearsed = await ask(undefined, true);
    expect(rehearsed.said).toBe('Dry run, nothing changed: would ask for a bypass of dossier, tagged in prod.');
    expect(rehearsed.lines).toEqual([
      'Passed over would be:',
      expect.stringMatching(/^ {2}dossier: the ledger's dossier for commit \w+ did not pass: /),
      expect.stringMatching(/^ {2}tagged: /),
      'To do afterwards, before the next release:',
      expect.stringMatching(/^ {2}let the release pass/),
      expect.stringMatching(/^ {2}tag what was deployed/),
      expect.stringMatching(/^ {2}write the post-mortem/),
    ]);
    desk.write({ 'packages/ui/new.js': '1' });
    expect(await refusal()).toMatchObject({ id: 'treeClean' });
    desk.git('clean', '-q', '-f', 'packages/ui/new.js');
    expect(await inProd()).toEqual([]);
  });

  it('waits for another person: the same one, whatever the spelling, does not count', async () => {
    const { said } = await ask();
    expect(said).toMatch(
      /^Done: dana asked for bypass prod-1\.1\.0-\w{6} of dossier, tagged in prod, until \S+ \S+ UTC; one more person has to join with: npx nx release-bypass api --env=prod --reason="…"\.$/,
    );
    expect(await refusal()).toMatchObject({
      id: 'samePerson',
      reason: expect.stringContaining('it takes 2 different people'),
    });
    desk.git('config', 'user.name', 'D. Developer');
    desk.git('config', 'user.email', 'DANA@example.org');
    expect(await refusal()).toMatchObject({ reason: expect.stringContaining('(as dana <dana@example.org>)') });
    expect(await inProd()).toHaveLength(1);
    expect(await deployTo()).toMatch(/^dossier; tagged; Bypass prod-1\.1\.0-\w+ .*: one more person has to ask for it/);
  });

  it('is granted to two, for this commit alone', async () => {
    desk.become('robin');
    const joined = await ask({ env: environment, reason: 'I see it too: no one can log in' });
    expect(joined.lines[0]).toMatch(
      /^Asked for by dana <dana@example\.org> at \S+ \S+ UTC: nobody can log in since noon$/,
    );
    expect(joined.said).toMatch(
      /^Done: robin joined bypass .*; it is granted, for one deployment of \w{8}: npx nx release-deploy api --env=prod\.$/,
    );
    expect((await ask()).outcome.kind).toBe('alreadyDone');
    const standing = desk.head();
    const branch = desk.git('symbolic-ref', '--short', 'HEAD');
    desk.git('commit', '-q', '--allow-empty', '-m', 'fix: another commit');
    expect(await deployTo()).toMatch(/dossier/);
    desk.git('reset', '-q', '--hard', standing);
    expect(desk.git('symbolic-ref', '--short', 'HEAD')).toBe(branch);
    expect(await inProd('debt.opened')).toEqual([]);
  });

  it('covers nothing that came up since, such as a freeze', async () => {
    const around = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString().replace(/\.\d+Z/, 'Z');
    configured([{ reason: 'stocktaking', from: around(-1), to: around(1) }]);
    expect(await deployTo()).toMatch(
      /^dossier; tagged; notFrozen; Bypass prod-1\.1\.0-\w+ .* lets in what it was asked for, and only that/,
    );
    configured();
  });

  it('serves one deployment, whose debts stand in the ledger before it begins', async () => {
    driver.beforeApply = () => {
      throw new Error('the engine is gone');
    };
    await expect(deployTo()).rejects.toThrow('the engine is gone');
    driver.beforeApply = () => undefined;
    expect(await deployTo()).toBe('done');
    const kinds = (await inProd()).map(({ kind }) => kind);
    expect(kinds).toEqual(['bypass.requested', 'bypass.requested', 'debt.opened', 'deploy.intent', 'deploy.outcome']);
    const [asked] = await inProd('bypass.requested');
    const [intent] = await inProd('deploy.intent');
    expect(intent).toMatchObject({ bypass: asked?.kind === 'bypass.requested' ? asked.bypass : '' });
    expect(await deployTo()).toBe('alreadyDone');
    driver.running = [];
    expect(await deployTo()).toBe('refused');
    expect(driver.applied).toEqual(['1.1.0']);
  });

  it('leaves debts that plan and status tell of, and that hold up the next release, not this one', async () => {
    const { lines, said } = await run.status();
    expect(said).toContain('3 debts of emergencies open');
    expect(lines.join('\n')).toMatch(/prod owes prod-1\.1\.0-\w+\/tagged, due /);
    await desk.judge();
    expect((await run.check()).said).toMatch(/^Done: /);
    expect((await desk.run(tag, {}, { target: 'release-tag' })).said).toMatch(/^Done: v1\.1\.0 marks/);

    // Robin reviews it, so somebody else writes it.
    desk.become('dana');
    desk.write({ 'packages/ui/mended.js': '//' });
    desk.commit('fix(ui): mend the login');
    const planned = await run.plan();
    expect(planned.lines.join('\n')).toMatch(
      /Before 1\.1\.1 can be tagged, settle what emergencies left to do:\n {2}prod-1\.1\.0-\w+\/dossier/,
    );
    await run.bump();
    await desk.built('1.1.1', '2');
    await desk.judge();
    expect((await run.check()).said).toMatch(/^Done: /);
    const held = await desk.run(tag, {}, { target: 'release-tag' });
    expect(held.outcome).toMatchObject({
      kind: 'refused',
      refusals: [
        { id: 'debtsSettled', reason: expect.stringContaining('left 3 debts open: dossier, tagged, post-mortem') },
      ],
    });
    expect(await deployTo()).toMatch(/^debtsSettled; tagged/);
  });

  it('until each is settled, with a word on what was done', async () => {
    const settle = (id: string, note?: string) => ask({ settle: id, ...(note === undefined ? {} : { note }) });
    expect((await settle('taged')).outcome).toMatchObject({
      refusals: [{ id: 'debtUnknown', remedy: expect.stringContaining('/tagged') }],
    });
    expect((await settle('tagged')).outcome).toMatchObject({ refusals: [{ id: 'noteShort' }] });
    expect((await settle('tagged', 'ok')).outcome).toMatchObject({ refusals: [{ id: 'noteShort' }] });
    expect((await settle('tagged', 'v1.1.0 is tagged since today')).said).toMatch(
      /^Done: settled prod-1\.1\.0-\w+\/tagged of prod; 2 are left\.$/,
    );
    expect((await settle('tagged', 'v1.1.0 is tagged since today')).said).toMatch(
      /^Already done: .* was settled by dana/,
    );
    await settle('dossier', 'the check passed after the tests were mended');
    expect((await settle('post-mortem', 'it lies in docs/post-mortems')).said).toMatch(/none is left\.$/);
    expect((await desk.run(tag, {}, { target: 'release-tag' })).said).toMatch(/^Done: v1\.1\.1 marks/);
    expect(await deployTo()).toBe('done');
    expect(await refusal()).toMatchObject({ id: 'nothingToBypass' });
  });
});

it('two people who ask at the same moment ask for one and the same', async () => {
  desk = new Desk();
  try {
    configured();
    await release('1.1.0');
    const context = desk.context({ target: 'release-bypass' });
    const situation = await readSituation(context);
    await ask();
    desk.become('robin');
    // Robin looked before Dana had asked.
    const late = desk.context({ target: 'release-bypass' });
    const read = late.ledger.read.bind(late.ledger);
    expect(situation.bypasses.get(environment)).toEqual([]);
    let first = true;
    const ledger = {
      ...late.ledger,
      read: async (stream: string) => {
        const stale = first && stream === environment;
        if (stale) first = false;
        return stale ? [] : read(stream);
      },
    };
    const { outcome } = await bypass({ ...late, ledger }, { env: environment, reason: REASON });
    expect(outcome).toMatchObject({
      kind: 'done',
      summary: expect.stringMatching(/^robin joined bypass .* it is granted/),
    });
    expect(new Set((await inProd()).map((body) => (body.kind === 'bypass.requested' ? body.bypass : ''))).size).toBe(1);
  } finally {
    desk.remove();
  }
});
