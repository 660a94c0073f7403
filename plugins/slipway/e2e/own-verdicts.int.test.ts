import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { tasksOf } from './support/tasks';
import { createWorkspace, type Workspace } from './support/workspace';

/** One release, in order: each test goes on where the one before ended. */
describe('an environment that trusts no cache', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await createWorkspace('platform', {
      configure: ({ environments }) => void (environments.staging['trustRemoteCache'] = false),
    });
    await workspace.commit('feat(web): greet by name', { 'packages/web/index.js': 'exports.title = "Hello";\n' });
  });
  afterAll(() => workspace.cleanUp());

  /** What keeps the release from being deployed, that has to do with caches. */
  const refusal = async () => {
    const ended = await workspace.step('release-deploy', 'platform', '--env=staging', '--dry-run');
    const { refusals } = ended.json?.outcome as { refusals?: readonly { id: string; remedy: string }[] };
    return (refusals ?? []).find(({ id }) => id === 'ownVerdicts');
  };
  const made = async () => {
    const check = (await workspace.ledger('release')).findLast(({ kind }) => kind === 'check');
    return (check?.['members'] as { made: string }[]).map((member) => member.made);
  };
  const forget = async () => {
    await rm(join(workspace.root, '.slipway/gates'), { recursive: true });
    for (const project of ['web', 'api'])
      await rm(join(workspace.root, `packages/${project}/reports`), { recursive: true });
  };

  it('refuses verdicts of a run that may have used one, with the command that makes them anew', async () => {
    const checked = await workspace.step('run', 'platform:release-check');
    if (checked.json === null) throw new Error(checked.output);
    expect(checked.json?.sentence).toMatch(/^Done: 1\.1\.0 passed its check/);
    expect(await made()).toEqual(['cache', 'cache', 'cache']);
    expect(await refusal()).toMatchObject({ remedy: 'npx nx release-check platform --skip-nx-cache' });
  });

  it('refuses what did come out of it, with everything that it rests on', async () => {
    await forget();
    const checked = await workspace.step('run', 'platform:release-check');
    expect(tasksOf(checked.output)).toMatchObject({ 'web:test': 'cache', 'web:release-gate': 'cache' });
    expect(checked.json?.outcome.kind).toBe('done');
    expect(await refusal()).toBeDefined();
  });

  it('takes verdicts of a run without a cache', async () => {
    const checked = await workspace.step('release-check', 'platform', '--skip-nx-cache');
    expect(tasksOf(checked.output)).toMatchObject({ 'web:test': 'ran', 'web:release-gate': 'ran' });
    if (checked.json === null) throw new Error(checked.output);
    expect(checked.json?.sentence).toMatch(/^Done: 1\.1\.0 passed its check/);
    expect(await made()).toEqual(['here', 'here', 'here']);
    expect(await refusal()).toBeUndefined();
  });

  it('is not fooled by a forged entry: it brings no note of its own', async () => {
    await forge(dirname(workspace.root));
    await forget();
    const gate = await workspace.nx('run-many', '-t', 'release-gate');
    expect(tasksOf(gate.output)).toMatchObject({ 'web:release-gate': 'cache' });
    expect(await workspace.read('.slipway/gates/web/verdict.json')).toContain('forged');
    // A new commit has no dossier yet; its verdicts are the forged ones as far as they still fit.
    await workspace.commit('docs: nothing');
    await workspace.step('run', 'platform:release-image', '--exclude-task-dependencies');
    const checked = await workspace.step('run', 'platform:release-check', '--exclude-task-dependencies');
    expect(checked.json?.outcome.kind).toBe('done');
    expect(await made()).toContain('cache');
    expect(await refusal()).toBeDefined();
  });
});

/** Writes into every verdict of Nx's cache, as whoever can write to a shared one could. */
async function forge(folder: string): Promise<void> {
  let forged = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.name !== 'verdict.json' || path.includes('/acme/.slipway/')) continue;
    const verdict = JSON.parse(await readFile(path, 'utf8')) as { tool: object };
    await writeFile(path, JSON.stringify({ ...verdict, tool: { name: 'forged', version: '1' } }));
    forged += 1;
  }
  if (forged === 0) throw new Error('no verdict was found in the cache');
}
