import { isDeepStrictEqual } from 'node:util';
import { proveBump } from '../../bump/proof';
import { releaseFolder } from '../../bump/record';
import { unreleasedVersions, type ReleasedVersions } from '../../bump/released-versions';
import { scopeOf, subjectOfCommit } from '../../evidence/subject';
import { allows, mergePolicy, readVerdict, VerdictError, type ProjectVerdict } from '../../gates';
import { RELEASE_STREAM, type EventOf, type MemberVerdict } from '../../ledger/events';
import { command, result, type Step, type StepContext } from '../context';
import { CHANGELOG, readManifests, RELEASES, type WorkspaceManifests } from '../manifests';
import { releaseAtHead } from '../at-head';
import { freezeProblems } from '../freeze-problems';
import { openRelease } from '../open-release';
import { forDryRun, refusalOf, short, unmetOf } from '../preconditions';
import { readSituation, type Situation } from '../situation';
import { STEPS } from '../steps';
import type { ChainOptions } from './plan';

/**
 * Binds what is pure to a commit: each member's verdict must be about exactly this commit's files, and the bump must have
 * touched nothing but versions, changelog and record. The result is the dossier, in the ledger.
 */
export const check: Step<ChainOptions> = async (context, options) => {
  const situation = await readSituation(context);
  const problems = unmetOf(STEPS.check.preconditions, { context, situation, environment: null });
  if (problems.length > 0) return result(refusalOf(forDryRun(problems, context.target, context.config).real));
  const open = await openRelease(context, situation, options.type);
  const bump = open.kind === 'here' ? open.record.bump : null;
  if (open.kind === 'elsewhere') return result({ kind: 'refused', refusals: [open.refusal] });
  if (open.kind === 'none' || bump === null) {
    if (context.dryRun)
      return result({
        kind: 'wouldDo',
        summary: "bind the members' verdicts to the release commit, after release-bump",
      });
    return result({
      kind: 'refused',
      refusals: [
        { id: 'bumped', reason: 'there is no release commit to check', remedy: command(context, 'release-bump') },
      ],
    });
  }
  const { version } = open.release;
  const commit = situation.tree.head;
  const standing = releaseAtHead(situation);
  if (standing !== null)
    return result(
      { kind: 'alreadyDone', summary: `${version} passed its check at ${short(commit)}` },
      { dossier: standing },
    );

  const dossier = await makeDossier(context, situation, {
    release: open.release,
    version,
    commit,
    gated: bump.from,
    bumped: bump.commit,
  });
  const lines = dossier.members.map(({ project, verdict }) => `${project}: ${verdict}`);
  if (context.dryRun)
    return result(
      {
        kind: 'wouldDo',
        summary: `record that ${version} at ${short(commit)} ${dossier.passed ? 'passed' : `failed: ${dossier.reasons.join('; ')}`}`,
      },
      { dossier },
      lines,
    );
  context.world.stop.check();
  await context.ledger.append(RELEASE_STREAM, dossier);
  if (dossier.passed)
    return result(
      { kind: 'done', summary: `${version} passed its check at ${short(commit)}: ${lines.join(', ')}` },
      { dossier },
    );
  return result(
    {
      kind: 'failed',
      reason: `${version} at ${short(commit)} did not pass: ${dossier.reasons.join('; ')}`,
      remedy: command(context, 'release-check'),
    },
    { dossier },
    lines,
  );
};

interface Subject {
  readonly release: EventOf<'planned'>;
  readonly version: string;
  readonly commit: string;
  readonly gated: string;
  readonly bumped: string;
}

async function makeDossier(
  context: StepContext,
  situation: Situation,
  { release, version, commit, gated, bumped }: Subject,
): Promise<EventOf<'check'>> {
  const manifests = await readManifests(context);
  const members: MemberVerdict[] = [];
  const reasons: string[] = [];
  for (const { name, root } of context.members) {
    const found = await memberVerdict(context, name, root, commit, manifests);
    if ('problem' in found) reasons.push(found.problem);
    else members.push(found);
  }
  const proof = await proveBump(context.world.git, gated, bumped, {
    ...releasedOf(context, release),
    repositories: [...manifests.names.images],
    changelog: CHANGELOG,
    releases: RELEASES,
  });
  if (!proof.ok) reasons.push(...proof.violations.map(({ path, reason }) => `the bump changed ${path}: ${reason}`));
  reasons.push(...(await freezeProblems(context, situation.release, { release, bumped, commit })));
  reasons.push(...(await versionProblems(context, manifests, { release, bumped, commit })));
  // A release without members would pass by having nothing to fail.
  if (context.members.length === 0) reasons.push('the release has no members');
  return { kind: 'check', version, passed: reasons.length === 0, gated, commit, members, reasons };
}

/** Commits after the bump are judged like any other, but versions are left out of that: they must stay the released one. */
async function versionProblems(
  context: StepContext,
  { contents, names }: WorkspaceManifests,
  { release, bumped, commit }: Pick<Subject, 'release' | 'bumped' | 'commit'>,
): Promise<readonly string[]> {
  if (bumped === commit) return [];
  const reasons = unreleasedVersions(contents, releasedOf(context, release), names, `at ${short(commit)}`);
  const record = `${releaseFolder(RELEASES, release.version)}/release.json`;
  const kept = await context.world.git.run(['diff', '--quiet', bumped, commit, '--', record]);
  return kept.exitCode === 0 ? reasons : [...reasons, `${record} was changed after the bump`];
}

/** What Slipway 0.1 planned has no tags, and one version for all. */
function releasedOf({ members }: StepContext, { version, projects, tags }: EventOf<'planned'>): ReleasedVersions {
  return { version, tags: tags ?? [{ version, projects }], members };
}

async function memberVerdict(
  context: StepContext,
  name: string,
  root: string,
  commit: string,
  manifests: WorkspaceManifests,
): Promise<MemberVerdict | { readonly problem: string }> {
  const verdict = await readOwn(context, name);
  if (verdict instanceof VerdictError) return { problem: verdict.message };
  const subject = await subjectOfCommit(
    context.world.git,
    commit,
    scopeOf({ root }, context.projects),
    manifests.blank,
  );
  if (verdict.subject !== subject)
    return {
      problem: `the verdict of ${name} is about other files than those of ${short(commit)}; judge it again with: npx nx run ${name}:release-gate`,
    };
  const policy = mergePolicy(context.config.gates, context.config.projects[name]);
  const unjudged = Object.keys(policy).filter((id) => !verdict.checks.some((done) => done.check === id));
  if (!isDeepStrictEqual(verdict.policy, policy) || unjudged.length > 0)
    return {
      problem: `the verdict of ${name} was not made by the policy that slipway.json sets now; judge it again with: npx nx run ${name}:release-gate`,
    };
  if (!allows(verdict.verdict)) return { problem: `${name}: ${verdict.reason}` };
  return {
    project: name,
    verdict: verdict.verdict,
    subject,
    checks: verdict.checks.map(({ check: id, verdict: word, reason, measured, limit }) => ({
      check: id,
      verdict: word,
      reason,
      measured,
      limit,
    })),
  };
}

async function readOwn(context: StepContext, name: string): Promise<ProjectVerdict | VerdictError> {
  try {
    return await readVerdict(context.world.root, name);
  } catch (error) {
    if (error instanceof VerdictError) return error;
    throw error;
  }
}
