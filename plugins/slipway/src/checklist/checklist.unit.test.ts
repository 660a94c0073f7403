import { RELEASE_KINDS, type ReleaseKind } from '../version/release-types';
import { checklistFor, renderChecklist } from './checklist';
import { CHECKLIST_GROUPS, CHECKLIST_ITEMS } from './items';

const KINDS = Object.keys(RELEASE_KINDS) as ReleaseKind[];

describe('the pre-release checklist', () => {
  it("holds the process document's 28 items in five groups", () => {
    expect(
      CHECKLIST_GROUPS.map(({ id, title }) => [title, CHECKLIST_ITEMS.filter(({ group }) => group === id).length]),
    ).toEqual([
      ['Code Quality', 6],
      ['Documentation', 6],
      ['Configuration', 5],
      ['Testing', 6],
      ['Deployment', 5],
    ]);
    expect(CHECKLIST_ITEMS).toHaveLength(28);
  });

  it('gives each item an id of its own', () => {
    expect(new Set(CHECKLIST_ITEMS.map(({ id }) => id)).size).toBe(CHECKLIST_ITEMS.length);
  });
});

describe('checklistFor', () => {
  it.each([
    ['major', 28],
    ['minor', 27],
    ['patch', 23],
    ['hotfix', 17],
  ] as const)('asks of a %s release %i items', (kind, count) => {
    expect(checklistFor(kind).items).toHaveLength(count);
  });

  it('asks load testing of major releases only', () => {
    const asked = KINDS.filter((kind) => checklistFor(kind).items.some(({ id }) => id === 'load-testing'));
    expect(asked).toEqual(['major']);
  });

  it.each(KINDS)('leaves nothing out of a %s release without a reason', (kind) => {
    const { items, leftOut } = checklistFor(kind);
    expect(items.length + leftOut.length).toBe(CHECKLIST_ITEMS.length);
    for (const { reason } of leftOut) expect(reason).toMatch(/\w+ \w+/);
  });

  it('asks less the more urgent a release is, and never less than what protects production', () => {
    const ids = (kind: ReleaseKind): string[] => checklistFor(kind).items.map(({ id }) => id);
    for (const [urgent, calm] of [
      ['hotfix', 'patch'],
      ['patch', 'minor'],
      ['minor', 'major'],
    ] as const) {
      expect(ids(calm)).toEqual(expect.arrayContaining(ids(urgent)));
    }
    expect(ids('hotfix')).toEqual(
      expect.arrayContaining([
        'tests-pass',
        'code-review',
        'security-scan',
        'changelog',
        'migrations',
        'rollback',
        'backup',
        'health-checks',
      ]),
    );
  });
});

describe('renderChecklist', () => {
  it('has the headings, boxes and timeline of the kind', () => {
    const text = renderChecklist({ version: '1.0.1', ...checklistFor('hotfix') });
    expect(text.split('\n').slice(0, 13)).toEqual([
      '# ✅ Pre-Release Checklist v1.0.1',
      '',
      '- **Release type**: Hotfix Release (1.0.X)',
      '- **Scope**: Critical security fixes',
      '- **Process**: Emergency release cycle',
      '- **Timeline**: 4-24 hours',
      '',
      '## Code Quality',
      '',
      '- [ ] All tests pass (unit, integration, e2e)',
      '- [ ] Code coverage meets requirements (≥80%)',
      '- [ ] Code review completed',
      '- [ ] Security scan passed',
    ]);
    expect(text.match(/^- \[ \] /gm)).toHaveLength(17);
    expect(text).toContain('## Left out for a hotfix release');
    expect(text).toContain('- Load testing (for major releases): asked of major releases only\n');
  });

  it('leaves out groups without items, and nothing of a major release', () => {
    const items = CHECKLIST_ITEMS.filter(({ group }) => group === 'testing');
    const text = renderChecklist({ version: '2.0.0', kind: 'major', items });
    expect(text.match(/^## .*$/gm)).toEqual(['## Testing']);
    expect(renderChecklist({ version: '2.0.0', ...checklistFor('major') })).not.toContain('Left out');
  });
});
