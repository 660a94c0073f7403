import { join } from 'node:path';
import { tool } from '../../config/tool';
import { scopeOf, subjectOfTree } from '../../evidence/subject';
import { allows, collectReports, judgeProject, mergePolicy, writeVerdict } from '../../gates';
import type { Outcome } from '../../ledger/outcome';
import { renderVerdict } from '../../render';
import { result, type Step } from '../context';
import { readManifests } from '../manifests';

/** Judges one project's reports against policy. Pure but for the verdict it writes, so Nx may cache it. */
export const gate: Step = async (context) => {
  const { world, config, project, projects } = context;
  const own = projects.find(({ name }) => name === project);
  if (!own) throw new Error(`${project} is not a project of this workspace`);
  const settings = config.projects[project];
  const manifests = await readManifests(context);
  const [{ files, globs }, subject] = await Promise.all([
    collectReports(world.root, own.root, settings?.reports),
    subjectOfTree(world, scopeOf(own, projects), manifests.blank),
  ]);
  const verdict = judgeProject({
    project: {
      name: project,
      root: own.root,
      kind: own.kind,
      targets: own.targets,
      documents: null,
      asOf: new Date(world.clock.now()),
    },
    directory: join(world.root, own.root),
    policy: mergePolicy(config.gates, settings),
    files,
    globs,
    producers: settings?.producers ?? ['test'],
    subject,
    tool: { name: 'nx-slipway', version: tool().version },
  });
  const path = context.dryRun ? null : await writeVerdict(world.root, verdict);
  return result(gateOutcome(verdict, path), { verdict, path }, renderVerdict(verdict, { color: context.color }));
};

function gateOutcome(
  { project, verdict, reason }: Awaited<ReturnType<typeof judgeProject>>,
  path: string | null,
): Outcome {
  if (allows(verdict)) {
    const summary = `${project} passes its gate (${verdict})`;
    return path === null ? { kind: 'wouldDo', summary: `record that ${summary}` } : { kind: 'done', summary };
  }
  const what = verdict === 'inconclusive' ? 'could not be judged' : 'does not pass its gate';
  return { kind: 'failed', reason: `${project} ${what}: ${reason}`, remedy: `npx nx run ${project}:release-gate` };
}
