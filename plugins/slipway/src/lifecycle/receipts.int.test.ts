import { appendFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { madeOf } from './receipts';
import { check } from './steps/check';
import { gate } from './steps/gate';
import { Desk } from './testing/desk';
import { runners } from './testing/runners';

const REPORT = 'packages/ui/reports/junit.xml';
/** As Nx tells its tasks that it uses no cache; this very process stands in for it. */
const UNCACHED = { NX_SKIP_NX_CACHE: 'true', NX_INVOCATION_ROOT_PID: String(process.pid) };

let desk: Desk;
beforeEach(async () => {
  desk = new Desk({ remote: false });
  await desk.judge();
});
afterEach(() => desk.remove());

const judge = async (env: Record<string, string>): Promise<string> => {
  const context = desk.context({ target: 'release-gate', world: { env } });
  await gate({ ...context, project: 'ui' }, {});
  return madeOf(context.world, 'ui');
};

describe('a verdict is of this clone', () => {
  it('where Nx used no cache for it and its reports', async () => {
    expect(await judge(UNCACHED)).toBe('here');
    expect(await judge({ ...UNCACHED, NX_SKIP_NX_CACHE: '', NX_DISABLE_NX_CACHE: 'true' })).toBe('here');
  });

  it.each<[string, Record<string, string>]>([
    ['Nx may have used its cache', {}],
    ['nobody knows when Nx began', { ...UNCACHED, NX_INVOCATION_ROOT_PID: '999999999' }],
    ['that is nonsense', { ...UNCACHED, NX_INVOCATION_ROOT_PID: 'x' }],
  ])('but not where %s', async (_what, env) => expect(await judge(env)).toBe('cache'));

  it('but not where a report is older than the run of Nx', async () => {
    utimesSync(join(desk.root, REPORT), new Date(0), new Date(0));
    expect(await judge(UNCACHED)).toBe('cache');
  });

  it('but not once another one lies in its place', async () => {
    expect(await judge(UNCACHED)).toBe('here');
    appendFileSync(join(desk.root, '.slipway/gates/ui/verdict.json'), '\n');
    expect(await madeOf(desk.context().world, 'ui')).toBe('cache');
  });

  it('which the dossier tells of each member', async () => {
    const run = runners(() => desk);
    await run.plan();
    await run.bump();
    await judge(UNCACHED);
    const checked = await desk.run(check, {}, { target: 'release-check' });
    expect(checked.said).toMatch(/^Done/);
    expect((await desk.events()).at(-1)).toMatchObject({
      members: [
        { project: 'ui', made: 'here' },
        { project: 'api', made: 'cache' },
      ],
    });
  });
});
