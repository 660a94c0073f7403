import { Desk } from '../testing/desk';
import { runners } from '../testing/runners';
import { tag } from './tag';

let desk: Desk;
beforeEach(() => {
  desk = new Desk();
});
afterEach(() => desk.remove());
const run = runners(() => desk);
const runTag = () => desk.run(tag, {}, { target: 'release-tag' });

/** From a plan to the tag. */
async function release(options: object): Promise<string> {
  const planned = (await run.plan(options)).said;
  expect(planned).toMatch(/^Done: planned release/);
  expect((await run.bump()).said).toMatch(/^Done: bumped/);
  await desk.judge();
  expect((await run.check()).said).toMatch(/^Done: /);
  expect((await runTag()).said).toMatch(/^Done: /);
  return planned;
}

const versions = () => [
  /"version": "(.*)"/.exec(desk.git('show', 'HEAD:packages/ui/package.json'))?.[1],
  /version="(.*)"/.exec(desk.git('show', 'HEAD:packages/api/setup.py'))?.[1],
];

it('a series of pre-releases goes from the first to the final version, each in its manifests own spelling', async () => {
  expect(await release({ preid: 'rc' })).toContain('planned release 1.1.0-rc.1 (minor)');
  expect(versions()).toEqual(['1.1.0-rc.1', '1.1.0rc1']);
  expect(desk.git('tag')).toBe('v1.0.0\nv1.1.0-rc.1');
  expect(desk.there()).toMatchObject({
    'refs/heads/main': desk.head(),
    'refs/heads/release/v1.1.0-rc.1': desk.head(),
    'refs/tags/v1.1.0-rc.1': desk.head(),
  });
  const record = JSON.parse(desk.git('show', 'HEAD:releases/v1.1.0-rc.1/release.json')) as Record<string, unknown>;
  expect(record).toMatchObject({ version: '1.1.0-rc.1', distTag: 'rc', stable: '1.0.0' });
  expect((await run.status()).data['release']).toMatchObject({ version: '1.1.0-rc.1', distTag: 'rc' });

  desk.write({ 'packages/api/fix.py': '# mended\n' });
  desk.commit('fix(api): mend it');
  expect(await release({ preid: 'rc' })).toContain('planned release 1.1.0-rc.2 (minor)');
  expect(versions()).toEqual(['1.1.0-rc.2', '1.1.0rc2']);

  // Its end needs no commit.
  expect(await release({ graduate: true })).toContain('planned release 1.1.0 (minor)');
  expect(versions()).toEqual(['1.1.0', '1.1.0']);
  expect(desk.there()['refs/heads/main']).toBe(desk.head('v1.1.0'));
  const final = JSON.parse(desk.git('show', 'HEAD:releases/v1.1.0/release.json')) as Record<string, unknown>;
  expect(final).toMatchObject({ distTag: 'latest', stable: '1.0.0' });
  const notes = desk.git('show', 'HEAD:releases/v1.1.0/NOTES.md');
  expect(notes).toContain('greet by name');
  expect(notes).toContain('mend it');
  expect((await run.status()).data['release']).toMatchObject({ version: '1.1.0' });
});

it('a breaking change in between raises the base of the series', async () => {
  await release({ preid: 'rc' });
  desk.write({ 'packages/ui/index.js': 'exports.name = "Desk";\n' });
  desk.commit('feat(ui)!: another way');
  expect(await release({ preid: 'rc' })).toContain('planned release 2.0.0-rc.1 (major)');
  expect(versions()).toEqual(['2.0.0-rc.1', '2.0.0rc1']);
});
