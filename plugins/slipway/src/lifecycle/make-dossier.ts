import type { KeyObject } from 'node:crypto';
import { tool } from '../config/tool';
import { sealDossier, type SealedDossier } from '../evidence/dossier';
import { subjectsOfCommit } from '../evidence/subjects';
import { allows, type CheckResult } from '../gates';
import { measuredCounts, measuredReports } from '../gates/measured-counts';
import { localTag } from '../tag/inspect';
import type { CheckSummary, EventOf, MemberVerdict, ServiceDigests } from '../ledger/events';
import { imagesOf } from './at-head';
import { command, type StepContext } from './context';
import { prepareJudging } from './judge-member';
import { readManifests } from './manifests';
import { madeOf } from './receipts';
import type { ReleaseCommit } from './release-commit';
import { memberEvidence } from './release-checks/member-evidence';
import type { MemberEvidence, ReleaseCheckResult, ReleaseSubject } from './release-checks/release-check';
import { runChecks } from './release-checks/run-checks';
import type { Situation } from './situation';

/** An envelope that is larger stays a file: the ledger keeps its hash. */
const LEDGER_BYTES = 64 * 1024;

export interface Dossier {
  readonly event: EventOf<'check'>;
  /** Set where the release passed. */
  readonly sealed: SealedDossier | null;
  readonly results: readonly ReleaseCheckResult[];
}

/**
 * Finds out whether a release commit may go out: the members' verdicts, judged again by what lies on disk, and the checks of the release.
 * Writes nothing.
 */
export async function makeDossier(
  context: StepContext,
  situation: Situation,
  { release, record, bump, commit }: ReleaseCommit,
  key: KeyObject | null,
): Promise<Dossier> {
  const { world, config } = context;
  const now = world.clock.now();
  const manifests = await readManifests(context);
  const reasons: string[] = [];
  // A release without members would pass by having nothing to fail.
  if (context.members.length === 0) reasons.push('the release has no members');
  // What all members share is read once.
  const judging = await prepareJudging(context, { manifests, together: context.members.map(({ name }) => name) });
  const subjects = await subjectsOfCommit(
    world.git,
    commit,
    context.projects.map(({ root }) => root),
    manifests.blank,
    context.members.map(({ root }) => root),
  );
  const members: MemberEvidence[] = [];
  for (const project of context.members) {
    const found = await memberEvidence(context, project, { commit, subjects, judging });
    if ('problem' in found) reasons.push(found.problem);
    else members.push(found);
  }
  const last = await lastRelease(context, situation, release);
  if (last !== null && 'problem' in last) reasons.push(last.problem);
  const images = imagesOf(config, record, commit);
  const subject: ReleaseSubject = {
    context,
    situation,
    release,
    gated: bump.from,
    bumped: bump.commit,
    commit,
    last: last !== null && 'problem' in last ? null : last,
    members,
    images,
    manifests,
    waivers: judging.waivers,
    now,
  };
  const { results, waivers } = await runChecks(subject);
  const blocking = results.filter(({ verdict }) => !allows(verdict));
  const waiting = reasons.length === 0 ? waitingFor(blocking) : null;
  reasons.push(...blocking.map((result) => reasonOf(context, result)));

  const verdicts: MemberVerdict[] = [];
  for (const { project, verdict, files } of members) {
    verdicts.push({
      project: project.name,
      verdict: verdict.verdict,
      subject: verdict.subject,
      checks: verdict.checks.map(summaryOf),
      reports: verdict.reports.map(({ path, sha256, validUntil }) => ({ path, sha256, validUntil })),
      made: await madeOf(world, project.name),
      counts: measuredCounts(measuredReports(files)),
    });
  }
  const event: EventOf<'check'> = {
    kind: 'check',
    version: release.version,
    passed: reasons.length === 0,
    gated: bump.from,
    commit,
    members: verdicts,
    reasons,
    checks: results.map(summaryOf),
    images: images ?? {},
    waivers,
    waiting,
  };
  if (!event.passed) return { event, sealed: null, results };
  const sealed = sealDossier(factsOf(context, event, release, images ?? {}, now), key);
  const envelope = Buffer.byteLength(sealed.text) < LEDGER_BYTES ? sealed.text : null;
  return { event: { ...event, dossier: { sha256: sealed.sha256, keyId: sealed.keyId, envelope } }, sealed, results };
}

/** Where people alone are missing, whom the release waits for. */
function waitingFor(blocking: readonly ReleaseCheckResult[]): { readonly on: string; readonly run: string } | null {
  const people = blocking.flatMap((result) => result.waitingFor ?? []);
  if (people.length === 0 || people.length < blocking.length) return null;
  return { on: people.map(({ on }) => on).join(' and '), run: people.map(({ run }) => run).join(' && ') };
}

function reasonOf(context: StepContext, { check, reason, remedy, findings }: ReleaseCheckResult): string {
  const fix = remedy ?? findings.find((finding) => finding.fix !== undefined)?.fix;
  const again = command(context, 'release-check');
  return `${check}: ${reason}${fix === undefined ? '' : `; mend it: ${fix}${fix === again ? '' : `, then ${again}`}`}`;
}

/** Where the changes of this release begin. */
async function lastRelease(
  { world }: StepContext,
  { release: { releases } }: Situation,
  { previous, tag, version }: EventOf<'planned'>,
): Promise<ReleaseSubject['last'] | { readonly problem: string }> {
  if (previous === null) return null;
  // The previous tag has the same pattern.
  const name = tag.replace(version, () => previous);
  const commit = (await localTag(world.git, name)) ?? releases.get(previous)?.tag?.commit ?? null;
  if (commit !== null) return { version: previous, commit };
  return { problem: `the tag ${name} of the last release is not in this clone; fetch it: git fetch --tags` };
}

function summaryOf({ check, verdict, reason, measured, limit }: CheckResult): CheckSummary {
  return { check, verdict, reason, measured, limit };
}

function factsOf(
  { config }: StepContext,
  { version, commit, gated, members, checks = [], waivers = [] }: EventOf<'check'>,
  { tag }: EventOf<'planned'>,
  images: ServiceDigests,
  now: Date,
): Parameters<typeof sealDossier>[0] {
  return {
    version,
    tag,
    commit,
    images: Object.fromEntries(
      Object.entries(images).map(([service, digest]) => [config.images[service]?.repository ?? service, digest]),
    ),
    tool: { name: 'nx-slipway', version: tool().version },
    at: now.toISOString(),
    checks: [...members.flatMap((member) => member.checks), ...checks],
    details: { gated, members, checks, waivers },
  };
}
