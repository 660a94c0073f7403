import type { LedgerEventBody } from '../../ledger/events';
import { Desk, deskConfiguration } from '../testing/desk';
import { runners } from '../testing/runners';
import { tag } from './tag';

let desk: Desk;
afterEach(() => desk.remove());
const run = runners(() => desk);
const runTag = () => desk.run(tag, {}, { target: 'release-tag' });
const opens = async () => ((await run.status()).data['open'] as { version: string }[]).map(({ version }) => version);
const ports = async () => (await run.status()).data['forwardPorts'] as { version: string; missing: string[] }[];

/** As if it had been deployed and verified. */
async function inProduction(version: string, commit: string): Promise<void> {
  const services = { ui: `sha256:${version.replaceAll('.', '').padEnd(64, '0')}` };
  const deployment = version;
  const bodies: readonly LedgerEventBody[] = [
    { kind: 'deploy.intent', version, deployment, commit, services, configHash: 'h', anchor: null },
    { kind: 'deploy.outcome', version, deployment, outcome: 'done', services, reason: '' },
    { kind: 'verify.outcome', version, deployment, health: 'healthy', services, measurements: [], reason: '' },
  ];
  const { ledger } = desk.context();
  for (const body of bodies) await ledger.append('prod', body);
}

async function toTag(): Promise<string> {
  const bumped = await run.bump();
  expect(bumped.said).toMatch(/^Done: bumped/);
  await desk.built(bumped.data['version'] as string);
  await desk.judge();
  expect((await run.check()).said).toMatch(/^Done: /);
  return (await runTag()).said;
}

function fix(file = 'login'): string {
  desk.write({ [`packages/ui/${file}.js`]: '// mended\n' });
  return desk.commit(`fix(ui): mend the ${file}`);
}

describe('a hotfix', () => {
  const configure = (on: Desk) => {
    desk = on;
    desk.config = deskConfiguration({
      images: { ui: { dockerfile: 'D', context: ['.'], repository: 'desk/ui', variable: 'UI' } },
      environments: { prod: { compose: 'c.yml', project: 'p', requires: { tag: true } } },
    });
  };

  /** 1.0.0 serves; main has gone on, and 1.1.0 is bumped on its branch. */
  beforeEach(async () => {
    const begun = await Desk.after('bumped', async (on) => {
      configure(on);
      await inProduction('1.0.0', desk.head('v1.0.0'));
      desk.git('push', '-q', 'origin', 'main');
      expect((await run.plan()).said).toMatch(/planned release 1\.1\.0/);
      expect((await run.bump()).outcome.kind).toBe('done');
      desk.git('switch', '-q', '-c', 'hotfix/login', 'v1.0.0');
    });
    configure(begun);
  });

  it('goes its way beside the release that is open, which then goes on', async () => {
    const fixed = fix();
    const planned = await run.plan({ type: 'hotfix' });
    expect(planned.said).toMatch(/^Done: planned release 1\.0\.1 \(hotfix\)/);
    expect((await run.plan({ type: 'hotfix' })).outcome.kind).toBe('alreadyDone');
    expect(await opens()).toEqual(['1.1.0', '1.0.1']);
    const main = desk.there()['refs/heads/main'];
    expect(await toTag()).toBe(
      `Done: v1.0.1 marks ${desk.head().slice(0, 8)} here and on origin; main goes on from newer work and lacks its fix ` +
        `(git switch main && git cherry-pick -x ${fixed.slice(0, 12)}).`,
    );
    expect(desk.there()).toMatchObject({
      'refs/heads/main': main,
      'refs/tags/v1.0.1': desk.head(),
      'refs/heads/release/v1.0.1': desk.head(),
    });
    expect((await runTag()).outcome.kind).toBe('alreadyDone');
    expect((await desk.events()).filter(({ kind }) => kind === 'forwardport.opened')).toEqual([
      { kind: 'forwardport.opened', version: '1.0.1', commits: [fixed] },
    ]);
    expect(await ports()).toMatchObject([{ version: '1.0.1', missing: [fixed] }]);

    // The other one would take the fix away again, until it has it.
    desk.git('switch', '-q', 'release/v1.1.0');
    expect((await run.plan()).said).toMatch(/^Already done: release 1\.1\.0 is planned and open/);
    await desk.judge();
    await desk.built('1.1.0');
    expect((await run.check()).outcome.kind).toBe('done');
    const refused = (await runTag()).outcome;
    expect(refused).toMatchObject({ kind: 'refused', refusals: [{ id: 'forwardPorted' }] });
    desk.git('cherry-pick', '-x', fixed);
    const notes = 'releases/v1.1.0/NOTES.md';
    desk.write({ [notes]: `${desk.git('show', `HEAD:${notes}`)}\n- mend the login\n` });
    desk.commit('docs: tell of the fix');
    await desk.judge();
    await desk.built('1.1.0');
    expect((await run.check()).said).toMatch(/^Done: 1\.1\.0 passed/);
    expect((await runTag()).said).toMatch(/^Done: v1\.1\.0 marks/);
    expect((await desk.events()).at(-1)).toMatchObject({ kind: 'forwardport.closed', version: '1.0.1' });
    expect(await ports()).toEqual([]);
  });

  it('whose forward-port is open blocks the next plan from main, until main has the fix', async () => {
    desk.git('switch', '-q', 'release/v1.1.0');
    await run.abandon();
    desk.git('branch', '-q', '-D', 'main');
    desk.git('switch', '-q', 'hotfix/login');
    desk.git('branch', '-q', '-D', 'release/v1.1.0');
    const fixed = fix();
    await run.plan({ type: 'hotfix' });
    await toTag();
    desk.git('switch', '-q', '-c', 'main', 'origin/main');
    const blocked = await run.plan();
    expect(blocked.outcome.kind).toBe('refused');
    expect(blocked.said).toContain('1.0.1');
    const { data, lines } = await run.status();
    expect(data['next']).toMatchObject({
      target: 'release-plan',
      blockedBy: [{ remedy: `git switch main && git cherry-pick -x ${fixed.slice(0, 12)}` }],
    });
    expect(lines.join('\n')).toContain('Forward-port of hotfix 1.0.1 is open: main lacks a commit');
    desk.git('cherry-pick', '-x', fixed);
    expect((await run.plan()).said).toMatch(/^Done: planned release 1\.1\.0 \(minor\)/);
    desk.git('push', '-q', 'origin', 'main');
    await run.bump();
    expect((await desk.events()).map(({ kind }) => kind)).toContain('forwardport.closed');
    // What main holds was never touched by the hotfix.
    expect(desk.git('show', 'main:packages/ui/package.json')).toContain('"version": "1.0.0"');
  });

  it('is merged where main holds nothing newer', async () => {
    desk.git('push', '-q', '--force', 'origin', 'v1.0.0^{commit}:refs/heads/main');
    desk.git('branch', '-q', '-f', 'main', 'v1.0.0');
    fix();
    await run.plan({ type: 'hotfix' });
    expect(await toTag()).toMatch(/, and main there holds it\.$/);
    expect(desk.there()['refs/heads/main']).toBe(desk.head('v1.0.1'));
    expect(await ports()).toEqual([]);
  });

  it('leaves nothing to bring to main where its fix was picked from there', async () => {
    desk.git('switch', '-q', 'main');
    const fixed = fix();
    desk.git('push', '-q', 'origin', 'main');
    desk.git('switch', '-q', 'hotfix/login');
    desk.git('cherry-pick', '-x', fixed);
    await run.plan({ type: 'hotfix' });
    expect(await toTag()).toMatch(/^Done: v1\.0\.1 marks [0-9a-f]{8} here and on origin\.$/);
    expect(await ports()).toEqual([]);
  });

  it('is given up by its name while another release is open, or on its own branch', async () => {
    fix();
    await run.plan({ type: 'hotfix' });
    const both = await run.abandon();
    expect(both.outcome).toMatchObject({
      kind: 'refused',
      refusals: [{ id: 'severalOpen', remedy: expect.stringContaining('--releaseVersion=1.1.0') }],
    });
    await run.bump();
    expect((await run.abandon()).said).toMatch(/gave up release 1\.0\.1;.*git checkout hotfix\/login/);
    expect(await opens()).toEqual(['1.1.0']);
  });

  it('stands in the way of another hotfix, and that is said on its branch', async () => {
    fix();
    await run.plan({ type: 'hotfix' });
    await run.bump();
    desk.git('switch', '-q', '-c', 'hotfix/other', 'v1.0.0');
    fix('other');
    expect((await run.plan({ type: 'hotfix' })).outcome).toMatchObject({
      kind: 'refused',
      refusals: [{ id: 'openElsewhere', reason: expect.stringContaining('hotfix 1.0.1 is open on release/v1.0.1') }],
    });
  });
});
