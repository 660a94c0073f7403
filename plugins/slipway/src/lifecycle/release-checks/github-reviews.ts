import { z } from 'zod';
import type { Review, ReviewedChange, Reviewer } from '../../gates/review';
import type { GitHub } from '../../io/github';

const user = z.object({ login: z.string().min(1) }).nullish();
const commit = z.object({ author: user, committer: user });
const pull = z.object({
  number: z.number().int(),
  html_url: z.string(),
  merged_at: z.string().nullish(),
  user,
  head: z.object({ sha: z.string() }),
  base: z.object({ repo: z.object({ full_name: z.string() }).nullish() }),
});
const review = z.object({
  user,
  state: z.string(),
  submitted_at: z.string().nullish(),
  commit_id: z.string().nullish(),
});

/** States that say what a person thinks of the change; a mere comment takes nothing back. */
const STATES: Readonly<Record<string, Review['state']>> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changesRequested',
  DISMISSED: 'dismissed',
};

type Found = Pick<ReviewedChange, 'head' | 'reviews' | 'url'> & { readonly authors: readonly Reviewer[] };

/**
 * Asks GitHub for the reviews of commits: those of the merged pull request that brought each. GitHub lets people approve nothing of their
 * own, but not every host that speaks its language does; so whoever wrote or opened it is told, to be left out.
 * @param repository `owner/name`.
 */
export function createGitHubReviews(github: GitHub, repository: string): (id: string) => Promise<Found> {
  const known = new Map<number, Promise<readonly Review[]>>();
  const reviewsOf = (number: number): Promise<readonly Review[]> => {
    const asked = known.get(number) ?? readReviews(github, repository, number);
    known.set(number, asked);
    return asked;
  };
  return async (id) => {
    const { author, committer } = await github.get(`/repos/${repository}/commits/${id}`, commit);
    const wrote = [author, committer].flatMap(someone);
    const pulls = (await github.list(`/repos/${repository}/commits/${id}/pulls`, pull)).filter(
      ({ merged_at, base }) => merged_at != null && base.repo?.full_name.toLowerCase() === repository.toLowerCase(),
    );
    const brought = pulls[0];
    // Of several that hold it nobody can tell which one was looked at.
    if (brought === undefined || pulls.length > 1) return { authors: wrote, head: null, reviews: [], url: null };
    return {
      authors: [...wrote, ...someone(brought.user)],
      head: brought.head.sha,
      reviews: await reviewsOf(brought.number),
      url: brought.html_url,
    };
  };
}

async function readReviews(github: GitHub, repository: string, number: number): Promise<readonly Review[]> {
  const all = await github.list(`/repos/${repository}/pulls/${number}/reviews`, review);
  return all.flatMap((one): Review[] => {
    const state = STATES[one.state.toUpperCase()];
    const [person] = someone(one.user);
    if (state === undefined || person === undefined) return [];
    // Without a commit nobody knows what was looked at: it matches none.
    return [{ person, state, at: one.submitted_at ?? null, commit: one.commit_id ?? '' }];
  });
}

function someone(who: z.output<typeof user>): readonly Reviewer[] {
  // Edits on the web are committed by the host itself.
  return who == null || who.login === 'web-flow' ? [] : [{ name: '', email: null, login: who.login }];
}
