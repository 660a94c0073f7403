import { isDeepStrictEqual } from 'node:util';
import type { ReleaseProject } from '../../config/project';
import { allows, mergePolicy, readVerdict, VerdictError, type ProjectVerdict } from '../../gates';
import type { StepContext } from '../context';
import { judgeIn, type Judging } from '../judge-member';
import type { MemberEvidence } from './release-check';

/**
 * What there is to go by of one member: its verdict must be about the commit's files, and must be what its reports on disk come to when
 * they are judged again now. So nothing that merely stands in a verdict file counts.
 * @param subjects of the members in the commit, by root
 */
export async function memberEvidence(
  context: StepContext,
  project: ReleaseProject,
  { commit, subjects, judging }: { commit: string; subjects: ReadonlyMap<string, string>; judging: Judging },
): Promise<MemberEvidence | { readonly problem: string }> {
  const { name } = project;
  const again = `judge it again with: npx nx run ${name}:release-gate --skip-nx-cache`;
  const found = await readOwn(context, name);
  if (found instanceof VerdictError) return { problem: found.message };
  if (found.subject !== subjects.get(project.root))
    return { problem: `the verdict of ${name} is about other files than those of ${commit.slice(0, 8)}; ${again}` };
  const policy = mergePolicy(context.config.gates, context.config.projects[name]);
  if (!isDeepStrictEqual(found.policy, policy))
    return { problem: `the verdict of ${name} was not made by the policy that slipway.json sets now; ${again}` };
  const { verdict, files } = await judgeIn(judging, name);
  const difference = differenceOf(found, verdict);
  if (difference !== null) return { problem: `${difference}; ${again}` };
  if (!allows(verdict.verdict))
    return { problem: `${name}: ${verdict.reason}; see npx nx run ${name}:release-gate, and mend it` };
  return { project, verdict, files };
}

/** Where a verdict is not what its reports come to now; null where it is. */
function differenceOf(found: ProjectVerdict, again: ProjectVerdict): string | null {
  const { project } = found;
  const hashes = new Map(again.reports.map(({ path, sha256 }) => [path, sha256]));
  for (const { path, sha256 } of found.reports) {
    if (!hashes.has(path)) return `${path}, which the verdict of ${project} is about, is not there any more`;
    if (hashes.get(path) !== sha256) return `${path} is not the report that the verdict of ${project} is about`;
  }
  const known = new Set(found.reports.map(({ path }) => path));
  const added = again.reports.find(({ path }) => !known.has(path));
  if (added !== undefined) return `the verdict of ${project} leaves out ${added.path}`;
  for (const { check, verdict, reason } of again.checks) {
    const claimed = found.checks.find((one) => one.check === check);
    if (claimed === undefined) return `the verdict of ${project} says nothing of ${check}`;
    if (claimed.verdict !== verdict)
      return `the verdict of ${project} says of ${check}: ${claimed.verdict}; judged again now it is ${verdict} (${reason})`;
  }
  const unknown = found.checks.find(({ check }) => !again.checks.some((one) => one.check === check));
  return unknown === undefined
    ? null
    : `the verdict of ${project} holds a check that there is none of, ${unknown.check}`;
}

async function readOwn(context: StepContext, name: string): Promise<ProjectVerdict | VerdictError> {
  try {
    return await readVerdict(context.world.root, name);
  } catch (error) {
    if (error instanceof VerdictError) return error;
    throw error;
  }
}
