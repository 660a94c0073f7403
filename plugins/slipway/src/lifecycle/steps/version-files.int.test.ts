import { Desk, deskConfiguration } from '../testing/desk';
import { runners } from '../testing/runners';

let desk: Desk;
const steps = runners(() => desk);
const list = (project: string, ...versionFiles: string[]): void => {
  desk.config = deskConfiguration({ projects: { [project]: { versionFiles } } });
};
beforeEach(() => {
  desk = new Desk({ remote: false });
  desk.write({
    'packages/ui/docs/install.md': 'Install 1.0.0. <!-- slipway:version -->\nIt needs kit 1.0.0.\n',
    'packages/ui/plain.md': 'Install 1.0.0.\n',
  });
  desk.commit('docs: tell how to install');
});
afterEach(() => desk.remove());

describe('files that slipway.json lists', () => {
  it('get the version in the bump, which its check proves, and cost no gate', async () => {
    list('ui', 'docs/install.md');
    await desk.judge();
    expect((await steps.plan()).said).toContain('planned release 1.1.0');
    expect((await steps.bump()).said).toMatch(/^Done: bumped to 1\.1\.0 /);
    expect(desk.git('show', 'HEAD:packages/ui/docs/install.md')).toBe(
      'Install 1.1.0. <!-- slipway:version -->\nIt needs kit 1.0.0.',
    );
    expect((await steps.check()).said).toMatch(/^Done: 1\.1\.0 passed its check /);
  });

  it('cost a gate where anything else in them changed since', async () => {
    list('ui', 'docs/install.md');
    await desk.judge();
    desk.write({ 'packages/ui/docs/install.md': 'Install 1.0.0. <!-- slipway:version -->\n' });
    desk.commit('docs: say less');
    await steps.plan();
    await steps.bump();
    expect((await steps.check()).said).toContain('did not pass');
  });

  it.each([
    ['docs/gone.md', 'no such regular file is committed'],
    ['plain.md', 'it marks no version'],
  ])('are refused by the plan: %s', async (path, problem) => {
    list('ui', path);
    const said = `packages/ui/${path}:1: projects.ui.versionFiles in slipway.json lists it, but ${problem}`;
    await expect(steps.plan()).rejects.toThrow(said);
  });
});
