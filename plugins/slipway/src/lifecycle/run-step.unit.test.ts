import { HistoryError } from '../history/history-error';
import { EngineError } from '../image/engine';
import { RunError } from '../io/exec';
import { GitError } from '../io/git';
import { StoppedError } from '../io/world';
import { LedgerError } from '../ledger/ledger';
import { createTestWorld } from '../testing/test-world';
import { ManifestError } from '../version/manifests';
import { MembershipError } from '../config/members';
import { lazyLedger } from './lazy-ledger';
import { createMemoryLedger } from '../testing/memory-ledger';
import { outcomeOf } from './run-step';

const run = { project: 'web', target: 'release-plan', owner: 'platform' };
const of = (error: unknown) => outcomeOf(error, run, createTestWorld());

describe('an error that a step let through', () => {
  it.each<[string, Error, object]>([
    [
      'the configuration',
      new MembershipError('no such project'),
      { kind: 'refused', refusals: [{ id: 'config', reason: 'no such project', remedy: 'correct slipway.json' }] },
    ],
    [
      'the ledger',
      new LedgerError('the remote is away', 'ask later'),
      { kind: 'refused', refusals: [{ remedy: 'ask later' }] },
    ],
    [
      'a manifest',
      new ManifestError('a/setup.py', 3, 'not closed'),
      { kind: 'refused', refusals: [{ reason: 'a/setup.py:3: not closed', remedy: 'correct a/setup.py' }] },
    ],
    [
      'the engine',
      new EngineError('Docker is not there', 'start it'),
      { kind: 'failed', reason: 'Docker is not there', remedy: 'start it' },
    ],
    [
      'history',
      new HistoryError('shallow', 'a shallow clone', 'git fetch --unshallow'),
      { kind: 'failed', remedy: 'git fetch --unshallow' },
    ],
    [
      'git',
      new GitError(['status'], { exitCode: 128, stdout: '', stderr: 'the index is broken' }),
      { kind: 'failed', reason: 'git status failed (exit 128): the index is broken' },
    ],
    [
      'a folder without a repository',
      new GitError(['status'], { exitCode: 128, stdout: '', stderr: 'fatal: not a git repository (or any parent)' }),
      { kind: 'refused', refusals: [{ id: 'repository', remedy: expect.stringMatching(/^git init/) }] },
    ],
    [
      'a program',
      new RunError('notFound', ['git'], 'git is not installed'),
      { kind: 'failed', reason: 'git is not installed' },
    ],
    [
      'a stop',
      new StoppedError('stopped: SIGTERM'),
      { kind: 'failed', remedy: 'run it again: npx nx run web:release-plan' },
    ],
    [
      'nobody foresaw',
      new TypeError('x is undefined'),
      { kind: 'unknown', reason: 'x is undefined', findOut: 'npx nx release-status platform' },
    ],
  ])('about %s means', (_what, error, expected) => expect(of(error)).toMatchObject(expected));

  it('is the stop itself while one is under way, whatever died of it', () => {
    const world = createTestWorld();
    world.requestStop('SIGTERM');
    expect(outcomeOf(new TypeError('x'), run, world)).toMatchObject({ kind: 'failed', reason: 'stopped: SIGTERM' });
  });
});

describe('the ledger', () => {
  it('is opened on first use, and not asked twice for what opening has read', async () => {
    let [opened, refreshed] = [0, 0];
    const ledger = lazyLedger(() => {
      opened += 1;
      return { ...createMemoryLedger(), refresh: () => Promise.resolve(void (refreshed += 1)) };
    });
    expect(opened).toBe(0);
    await ledger.refresh();
    await ledger.read('release');
    expect([opened, refreshed]).toEqual([1, 0]);
    await ledger.refresh();
    expect([opened, refreshed]).toEqual([1, 1]);
  });
});
