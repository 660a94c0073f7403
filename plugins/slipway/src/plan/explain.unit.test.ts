import fc from 'fast-check';
import { plannedCommit, plannedProject, releasePlan } from '../testing/plan';
import { explainPlan } from './explain';
import type { Cause } from './release-plan';

const feat = plannedCommit({ id: 'abcdef0'.padEnd(40, '0'), subject: 'list', projects: ['core'] });
const docs = plannedCommit({
  id: '1234567'.padEnd(40, '0'),
  type: 'docs',
  subject: 'guide',
  projects: ['apart'],
  demands: null,
  skipped: 'is of type docs, which demands no release',
});
const byCommit: Cause = { kind: 'commit', commit: feat.id, demands: 'minor', why: 'is of type feat' };
const needs = (project: string): Cause => ({ kind: 'dependency', project, demands: 'patch' });

const plan = releasePlan({
  commits: [docs, feat],
  projects: [
    plannedProject({ name: 'core', causes: [byCommit] }),
    plannedProject({ name: 'mid', next: '1.0.1', causes: [needs('core')] }),
    plannedProject({ name: 'top', next: '1.0.1', causes: [needs('mid'), needs('core')] }),
    plannedProject({ name: 'app', next: '1.0.1', causes: [{ kind: 'release' }] }),
    plannedProject({ name: 'apart', next: '1.0.0', reasons: ['no commit demands it'] }),
  ],
});

describe('explainPlan', () => {
  it('follows a bump down to its commits', () => {
    expect(explainPlan(plan, 'top')).toEqual([
      'top 1.0.0 → 1.0.1',
      '├─ it depends on mid 1.0.0 → 1.0.1: patch',
      '│  └─ it depends on core 1.0.0 → 1.1.0: patch',
      '│     └─ feat: list (abcdef0) is of type feat: minor',
      '└─ it depends on core 1.0.0 → 1.1.0: patch (see above)',
    ]);
  });

  it('says why a member keeps its version', () => {
    expect(explainPlan(plan, 'apart')).toEqual([
      'apart stays at 1.0.0',
      '├─ no commit demands it',
      '└─ docs: guide (1234567) is of type docs, which demands no release',
    ]);
  });

  it('explains all that get a new version, where none is named', () => {
    const lines = explainPlan(plan, null);
    expect(lines.filter((line) => /^\w/.test(line))).toEqual([
      'core 1.0.0 → 1.1.0',
      'mid 1.0.0 → 1.0.1',
      'top 1.0.0 → 1.0.1',
      'app 1.0.0 → 1.0.1',
    ]);
    expect(lines).toContain('└─ it depends on core 1.0.0 → 1.1.0: patch');
    expect(lines).toContain('└─ its version names the release, so it always gets a new one: patch');
  });

  it('leads from a group to those of it that have a reason', () => {
    const group: Cause = { kind: 'group', group: 'release', demands: 'minor' };
    const asked: Cause = { kind: 'asked', what: 'a major release' };
    const shared = releasePlan({
      commits: [feat],
      projects: [
        plannedProject({ name: 'ui', causes: [group, asked] }),
        plannedProject({ name: 'core', causes: [byCommit] }),
      ],
    });
    expect(explainPlan(shared, 'ui')).toEqual([
      'ui 1.0.0 → 1.1.0',
      '├─ it shares its version with the group release: minor',
      '│  └─ by core 1.0.0 → 1.1.0',
      '│     └─ feat: list (abcdef0) is of type feat: minor',
      '└─ a major release was asked for',
    ]);
  });

  it('tells each commit and edge once, whatever depends on what', () => {
    const edges = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 60 });
    fc.assert(
      fc.property(edges, (all) => {
        const projects = Array.from({ length: 10 }, (_, index) =>
          plannedProject({
            name: `p${index}`,
            causes: [byCommit, ...all.filter(([from]) => from === index).map(([, to]) => needs(`p${to}`))],
          }),
        );
        const lines = explainPlan(releasePlan({ projects, commits: [feat] }), 'p0');
        expect(lines.length).toBeLessThanOrEqual(1 + projects.length + all.length);
      }),
    );
  });

  it('prints nothing that acts on a terminal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const odd = releasePlan({
          projects: [plannedProject({ name: text, causes: [{ kind: 'asked', what: text }] })],
          commits: [],
        });
        for (const line of explainPlan(odd, null)) expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      }),
    );
  });
});
