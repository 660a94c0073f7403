import type { Step } from './context';
import { audit } from './steps/audit';
import { gate } from './steps/gate';
import { migrations } from './steps/migrations';
import { DefectWorkspace, dependingOn, tested, type Files } from './testing/defect-workspace';

/**
 * A workspace that passes every check by real tools' reports, and one defect at a time: each is caught by the check that is there for
 * it, by no other one, and explained.
 */
let workspace: DefectWorkspace;

beforeAll(async () => {
  workspace = new DefectWorkspace();
  jest.replaceProperty(process, 'env', { ...process.env, ...(await workspace.advisories()), GITHUB_STEP_SUMMARY: '' });
  await measure();
}, 240_000);
afterAll(() => {
  jest.restoreAllMocks();
  workspace.remove();
});

async function run(project: 'web' | 'api', target: string, step: Step): Promise<void> {
  expect(await workspace.step(project, target, step, {})).toMatchObject({ kind: 'done' });
}

async function measure(): Promise<void> {
  await run('web', 'release-audit', audit);
  await run('api', 'release-audit', audit);
  await run('api', 'release-migrations', migrations);
  await workspace.load(0, 1);
  await workspace.a11y();
}

const judged = async (project: 'web' | 'api') => {
  const { kind } = await workspace.step(project, 'release-gate', gate, {});
  const { checks, verdict } = workspace.verdict(project);
  expect([verdict, kind]).toEqual([verdict, verdict === 'pass' ? 'done' : 'failed']);
  return checks;
};
/** What keeps a project from passing. */
const faults = async (project: 'web' | 'api') =>
  (await judged(project)).filter(({ verdict }) => verdict !== 'pass' && verdict !== 'notApplicable');
/** With other files for as long as it takes; new ones are gone afterwards. */
async function seeded<T>(files: Files, look: () => Promise<T>): Promise<T> {
  const before = Object.keys(files).map((path): [string, string | null] => {
    try {
      return [path, workspace.read(path)];
    } catch {
      return [path, null];
    }
  });
  const restore = workspace.keepReports();
  workspace.write(files);
  try {
    return await look();
  } finally {
    restore();
    for (const [path, content] of before) {
      if (content === null) workspace.delete(path);
      else workspace.write({ [path]: content });
    }
  }
}

it('passes as long as everything is in order', async () => {
  expect(await faults('web')).toEqual([]);
  expect(await faults('api')).toEqual([]);
  const applied = (await judged('web')).flatMap(({ check, verdict }) => (verdict === 'pass' ? [check] : []));
  expect(applied).toEqual(['tests', 'coverage', 'security', 'performance', 'accessibility', 'documentation']);
  expect((await judged('api')).find(({ check }) => check === 'migrations')?.verdict).toBe('pass');
});

it('catches a failing test, and says which and where', async () => {
  const files = tested({ failure: '<failure message="expected 3 to be 2"/>' });
  expect(await seeded(files, () => faults('web'))).toMatchObject([
    {
      check: 'tests',
      verdict: 'fail',
      reason: expect.stringContaining('1 of 2 failed'),
      findings: [
        {
          title: expect.stringContaining('sorts by date'),
          file: 'packages/web/list.test.js',
          line: 7,
          detail: expect.stringContaining('expected 3 to be 2'),
        },
      ],
    },
  ]);
});

it('catches uncovered lines, and says where', async () => {
  expect(await seeded(tested({ covered: 7 }), () => faults('web'))).toMatchObject([
    {
      check: 'coverage',
      verdict: 'fail',
      measured: 70,
      limit: 80,
      reason: expect.stringContaining('below 80 %'),
      findings: expect.arrayContaining([
        expect.objectContaining({ file: expect.stringContaining('index.js'), line: 8, detail: 'uncovered: 8-10' }),
      ]),
    },
  ]);
});

it('catches a vulnerable npm package that npm audit finds, and says which version mends it', async () => {
  const found = await seeded(dependingOn('4.17.15'), async () => {
    await run('web', 'release-audit', audit);
    return faults('web');
  });
  expect(found).toMatchObject([
    {
      check: 'security',
      verdict: 'fail',
      findings: [
        {
          severity: 'high',
          fix: expect.stringContaining('lodash@'),
          fingerprint: 'security:npm/lodash:GHSA-35jh-r3h4-6jhm@high',
        },
      ],
    },
  ]);
});

it('catches a vulnerable Python package that pip-audit finds', async () => {
  const found = await seeded({ 'packages/api/requirements.txt': 'Django==4.2.16\n' }, async () => {
    await run('api', 'release-audit', audit);
    return faults('api');
  });
  expect(found).toMatchObject([
    {
      check: 'security',
      verdict: 'fail',
      findings: [{ title: expect.stringMatching(/django/i), fix: expect.stringContaining('4.2.17') }],
    },
  ]);
});

it('catches a slow endpoint under real load', async () => {
  const [fault, ...others] = await seeded({}, async () => {
    await workspace.load(260, 20);
    return faults('web');
  });
  expect(others).toEqual([]);
  expect(fault).toMatchObject({
    check: 'performance',
    verdict: 'fail',
    limit: 200,
    reason: expect.stringContaining('list tickets'),
  });
  expect(fault?.measured).toBeGreaterThanOrEqual(259);
});

it('catches an input without a label in a real browser', async () => {
  const found = await seeded({}, async () => {
    await workspace.a11y('<h1>Acme</h1><input type="text">');
    return faults('web');
  });
  expect(found).toMatchObject([
    {
      check: 'accessibility',
      verdict: 'fail',
      findings: [
        {
          title: expect.stringMatching(/label.*input/i),
          detail: expect.stringContaining('<input type="text">'),
          fingerprint: expect.stringContaining('accessibility:label:'),
        },
      ],
    },
  ]);
});

it('catches a variable that a setting reads and nobody documented', async () => {
  const settings = 'packages/api/helpdesk/settings.py';
  const text = `${workspace.read(settings)}\nimport os\n\nSENTRY_DSN = os.environ["ACME_SENTRY_DSN"]\n`;
  expect(await seeded({ [settings]: text }, () => faults('api'))).toMatchObject([
    {
      check: 'documentation',
      verdict: 'fail',
      reason: expect.stringContaining('ACME_SENTRY_DSN'),
      findings: [{ file: settings, line: text.split('\n').findIndex((line) => line.includes('ACME_SENTRY_DSN')) + 1 }],
    },
  ]);
});

it('catches a migration that a real Django can not reverse', async () => {
  const file = 'packages/api/tickets/migrations/0005_forget_requesters.py';
  const text = `from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tickets", "0004_reference_required")]
    operations = [migrations.RunSQL("UPDATE tickets_ticket SET requester = ''")]
`;
  const found = await seeded({ [file]: text }, async () => {
    await run('api', 'release-migrations', migrations);
    return faults('api');
  });
  expect(found).toMatchObject([
    {
      check: 'migrations',
      verdict: 'fail',
      reason: '1 migration without a way back',
      findings: [{ file, title: expect.stringContaining('0005_forget_requesters') }],
    },
  ]);
});

it('takes what a registry answers instead of advisories for no pass', async () => {
  jest.replaceProperty(process, 'env', {
    ...process.env,
    npm_config_registry: 'http://127.0.0.1:1/',
    npm_config_fetch_retries: '0',
  });
  await run('web', 'release-audit', audit);
  const [fault] = await faults('web');
  expect(fault).toMatchObject({ check: 'security', verdict: 'inconclusive' });
});
