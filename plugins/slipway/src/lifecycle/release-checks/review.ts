import { inconclusive, notApplicable } from '../../gates/check';
import { judgeReview, type ReviewedChange } from '../../gates/review';
import { createGitHub, GitHubError } from '../../io/github';
import { readRemoteUrl } from '../../notes/remote-url';
import { approvalsAtHead } from '../at-head';
import { command, type StepContext } from '../context';
import { createGitHubReviews } from './github-reviews';
import type { ReleaseCheck, ReleaseSubject } from './release-check';
import { parsePerson, readRange, type RangeCommit } from './release-range';
import { needNoReview } from './unreviewed';

/**
 * Others than its authors approved each change since the last release. Without a last one that is all of history: then sign-offs of the
 * release commit are the practical way.
 */
export const reviewCheck: ReleaseCheck = {
  id: 'review',
  title: 'Code review',
  run: async (subject) => {
    const { context, situation, commit, last } = subject;
    const policy = context.config.gates.review;
    if ('notApplicable' in policy) return notApplicable('review', policy, 'count');
    const { git } = context.world;
    const source = await sourceOf(context, last === null);
    if ('problem' in source)
      return { ...inconclusive('review', policy.approvals, source.problem, 'count'), remedy: source.remedy };
    const commits = await readRange(git, last?.commit ?? null, commit);
    const exempt = await needNoReview(git, commits, provenBumps(subject));
    const changes: ReviewedChange[] = [];
    try {
      for (const one of commits) changes.push(await reviewed(one, exempt.get(one.id) ?? null, source));
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      const reason = `GitHub could not be asked for reviews: ${error.message}`;
      return {
        ...inconclusive('review', policy.approvals, reason, 'count'),
        remedy: command(context, 'release-check'),
      };
    }
    const signOffs = approvalsAtHead(situation)
      .filter((approval) => approval.role === policy.role && approval.commit === commit)
      .flatMap(({ by }) => parsePerson(by) ?? []);
    const { missing, ...found } = judgeReview({ changes, signOffs, source: source.title }, policy);
    if (missing === null) return found;
    const run = command(context, 'release-approve', `--as=${policy.role}`);
    const who = missing === 1 ? 'another person who wrote none of it' : `${missing} other persons who wrote none of it`;
    return { ...found, remedy: run, waitingFor: { on: `the review of ${who}`, run } };
  },
};

type Source =
  | { readonly title: string; readonly ask: ReturnType<typeof createGitHubReviews> | null }
  | { readonly problem: string; readonly remedy: string };

/** GitHub where it is there and lets us in, else what the commits themselves say. */
async function sourceOf({ world, config }: StepContext, first: boolean): Promise<Source> {
  const offline: Source = { title: 'Reviewed-by trailers and sign-offs', ask: null };
  const policy = config.gates.review;
  if ('notApplicable' in policy || policy.source === 'offline') return offline;
  const place = placeOf(
    await readRemoteUrl(world.git, config.release.remote),
    policy.api ?? world.env['GITHUB_API_URL'],
  );
  const token = world.env['GITHUB_TOKEN'] ?? '';
  if (policy.source === 'auto' && (place === null || token === '')) return offline;
  // Asking for every commit there ever was would run into the host's limits, and hardly help.
  if (first) return offline;
  if (place === null)
    return {
      problem: `${config.release.remote} is not a repository on GitHub, which gates.review.source asks for`,
      remedy: 'name the host\'s API under "gates.review.api" in slipway.json, or set "source" to offline',
    };
  if (token === '')
    return {
      problem: 'GitHub can not be asked for reviews without GITHUB_TOKEN',
      remedy: 'set GITHUB_TOKEN, then check again',
    };
  const github = createGitHub({ api: place.api, token, clock: world.clock, signal: world.stop.signal });
  return { title: 'reviews on GitHub and sign-offs', ask: createGitHubReviews(github, place.repository) };
}

/** API and `owner/name`; null where the remote is nothing that such an API serves. */
export function placeOf(
  remote: string | null,
  api: string | undefined,
): { readonly api: string; readonly repository: string } | null {
  const match = /^(?:[a-z+]+:\/\/(?:[^@/]*@)?([^/:]+)(?::\d+)?\/|(?:[^@/]+@)?([^/:]+):)(.+?)(?:\.git)?\/?$/i.exec(
    remote ?? '',
  );
  const host = (match?.[1] ?? match?.[2] ?? '').toLowerCase();
  const repository = (match?.[3] ?? '').split('/').slice(-2).join('/');
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) return null;
  if (api !== undefined && api !== '') return { api, repository };
  return host === 'github.com' || host === 'ssh.github.com' ? { api: 'https://api.github.com', repository } : null;
}

async function reviewed(
  { id, subject, authors, reviewers }: RangeCommit,
  exempt: string | null,
  source: Exclude<Source, { readonly problem: string }>,
): Promise<ReviewedChange> {
  const own = { commit: id, subject, exempt };
  if (source.ask === null || exempt !== null) {
    const reviews = reviewers.map((person) => ({ person, state: 'approved', at: null, commit: null }) as const);
    return { ...own, authors, head: null, reviews, url: null };
  }
  const found = await source.ask(id);
  return { ...own, ...found, authors: [...authors, ...found.authors] };
}

/** This release's bump, and those of others that went out: each was proven when its own release was checked. */
function provenBumps({ situation: { release }, bumped }: ReleaseSubject): ReadonlySet<string> {
  const others = [...release.releases.values()].flatMap(({ bump, tag }) =>
    bump !== null && tag !== null ? [bump.commit] : [],
  );
  return new Set([bumped, ...others]);
}
