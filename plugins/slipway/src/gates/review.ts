import type { CheckResult, Finding } from './check';
import { plainName } from './plain-name';

/** Somebody as far as a source knows them. */
export interface Reviewer {
  readonly name: string;
  readonly email: string | null;
  /** Login at the host. */
  readonly login: string | null;
}

export interface Review {
  readonly person: Reviewer;
  readonly state: 'approved' | 'changesRequested' | 'dismissed';
  /** ISO 8601; null where the source has no times, and order alone counts. */
  readonly at: string | null;
  /** Commit that was looked at; null where the review is part of the commit itself. */
  readonly commit: string | null;
}

/** One commit of the release, and who looked at it. */
export interface ReviewedChange {
  readonly commit: string;
  readonly subject: string;
  /** Author, committer, co-authors, and who opened the pull request: their own word does not count. */
  readonly authors: readonly Reviewer[];
  /** Last commit of the pull request; null where there is none. A review of an older one is stale. */
  readonly head: string | null;
  readonly reviews: readonly Review[];
  /** Of the pull request. */
  readonly url: string | null;
  /** Why it needs no review, e.g. that it is the bump, which is proven; null where it does. */
  readonly exempt: string | null;
}

export interface ReviewFacts {
  readonly changes: readonly ReviewedChange[];
  /** Who signed off exactly the commit that is checked, for the release as a whole. */
  readonly signOffs: readonly Reviewer[];
  /** Where reviews were looked for, e.g. `Reviewed-by trailers`. */
  readonly source: string;
}

export interface ReviewPolicy {
  /** Persons who must approve each change. */
  readonly approvals: number;
}

export interface ReviewJudgement extends CheckResult {
  /** How many sign-offs of the release as a whole would do; null where they would not, or nothing is missing. */
  readonly missing: number | null;
}

/**
 * Each change needs approvals of that many persons besides its authors. The latest review of a person counts; one from before the last
 * push does not, and an outstanding request for changes blocks. A sign-off of the release counts for each of its changes, unless the person
 * wrote any of them. `measured` is the number of approvals that the least approved change has.
 */
export function judgeReview(facts: ReviewFacts, policy: ReviewPolicy): ReviewJudgement {
  const changes = facts.changes.filter(({ exempt }) => exempt === null);
  const everyAuthor = changes.flatMap(({ authors }) => authors);
  const signed = distinct(facts.signOffs.filter((person) => !everyAuthor.some((author) => samePerson(author, person))));
  const idle = facts.signOffs.filter((person) => everyAuthor.some((author) => samePerson(author, person)));
  const judged = changes.map((change) => ({ change, ...standOf(change, signed) }));
  const requests = judged.filter(({ against }) => against.length > 0);
  const short = judged.filter(({ approvals }) => approvals.length < policy.approvals);
  const least = judged.length === 0 ? null : Math.min(...judged.map(({ approvals }) => approvals.length));
  const findings: Finding[] = [
    ...requests.map(({ change, against }) => ({
      ...titled(change, `${listOf(against)} asked for changes`),
      fix: 'make them, or have the request dismissed by who made it',
      fingerprint: `review:${change.commit}@changes-requested`,
    })),
    ...short
      .filter(({ change }) => !requests.some((request) => request.change === change))
      .map(({ change, approvals, stale, own }) => ({
        ...titled(change, `${approvals.length} of ${policy.approvals} approvals`),
        ...detailOf(stale, own),
        fingerprint: `review:${change.commit}@${approvals.length}`,
      })),
  ];
  const warnings = idle.map(({ name }) => `${name} signed off, but wrote part of the release, so that does not count`);
  const base = { check: 'review', measured: least, limit: policy.approvals, unit: 'count', findings } as const;
  const told = warnings.length > 0 ? { warnings } : {};
  if (policy.approvals === 0)
    return {
      ...base,
      ...told,
      findings: [],
      verdict: 'notApplicable',
      reason: 'gates.review.approvals is 0',
      missing: null,
    };
  if (changes.length === 0)
    return {
      ...base,
      ...told,
      verdict: 'pass',
      reason: 'the release holds no change that needs a review',
      missing: null,
    };
  if (findings.length === 0) {
    const reason = `${changes.length === 1 ? 'the one change has' : `each of ${changes.length} changes has`} ${policy.approvals} approvals or more (${facts.source})`;
    return { ...base, ...told, verdict: 'pass', reason, missing: null };
  }
  const reason = [
    ...(requests.length > 0 ? [`changes were asked for in ${requests.length} of ${changes.length}`] : []),
    ...(short.length > 0
      ? [
          `${short.length} of ${changes.length} changes without the approvals of ${policy.approvals} persons (${facts.source})`,
        ]
      : []),
  ].join(', and ');
  const missing = requests.length > 0 ? null : policy.approvals - (least ?? 0);
  return { ...base, ...told, verdict: 'fail', reason, missing };
}

interface Stand {
  readonly approvals: readonly Reviewer[];
  readonly against: readonly Reviewer[];
  readonly stale: readonly Reviewer[];
  /** Approvals by those who wrote it. */
  readonly own: readonly Reviewer[];
}

function standOf(change: ReviewedChange, signed: readonly Reviewer[]): Stand {
  const latest: Review[] = [];
  for (const review of inOrder(change.reviews)) {
    const at = latest.findIndex(({ person }) => samePerson(person, review.person));
    if (at >= 0) latest.splice(at, 1);
    latest.push(review);
  }
  const foreign = latest.filter(({ person }) => !change.authors.some((author) => samePerson(author, person)));
  const approved = foreign.filter(({ state }) => state === 'approved');
  const isFresh = ({ commit }: Review): boolean => commit === null || change.head === null || commit === change.head;
  const fresh = approved.filter(isFresh).map(({ person }) => person);
  return {
    approvals: together(distinct(fresh), signed),
    against: foreign.filter(({ state }) => state === 'changesRequested').map(({ person }) => person),
    stale: approved.filter((review) => !isFresh(review)).map(({ person }) => person),
    own: latest
      .filter(
        ({ person, state }) => state === 'approved' && change.authors.some((author) => samePerson(author, person)),
      )
      .map(({ person }) => person),
  };
}

/** A login and an address may be one person: where they can't be compared, the larger group counts alone. */
function together(reviewers: readonly Reviewer[], signed: readonly Reviewer[]): readonly Reviewer[] {
  if (reviewers.every(({ email }) => email !== null)) return distinct([...reviewers, ...signed]);
  return reviewers.length >= signed.length ? reviewers : signed;
}

/** Oldest first, as far as times are known; else as given. */
function inOrder(reviews: readonly Review[]): readonly Review[] {
  const time = ({ at }: Review): number => (at === null ? Number.NaN : Date.parse(at));
  return [...reviews].sort((a, b) => time(a) - time(b) || 0);
}

/**
 * Whether two mean one person. A name alone is enough: whoever reviews their own work from a second address is to be found, and two
 * reviewers of one name can be told apart by their login.
 */
export function samePerson(a: Reviewer, b: Reviewer): boolean {
  if (a.login !== null && b.login !== null) return plainName(a.login) === plainName(b.login);
  if (a.email !== null && b.email !== null && plainName(a.email) === plainName(b.email)) return true;
  return a.name !== '' && plainName(a.name) === plainName(b.name);
}

function distinct(people: readonly Reviewer[]): readonly Reviewer[] {
  return people.filter((person, index) => !people.slice(0, index).some((other) => samePerson(other, person)));
}

function titled({ commit, subject, url }: ReviewedChange, what: string): Pick<Finding, 'title'> {
  return { title: `${commit.slice(0, 8)} "${subject}": ${what}${url === null ? '' : ` (${url})`}` };
}

function detailOf(stale: readonly Reviewer[], own: readonly Reviewer[]): { readonly detail?: string } {
  const told = [
    ...(stale.length > 0 ? [`${listOf(stale)} approved before the last push`] : []),
    ...(own.length > 0 ? [`${listOf(own)} can't approve their own work`] : []),
  ];
  return told.length > 0 ? { detail: told.join('; ') } : {};
}

function listOf(people: readonly Reviewer[]): string {
  return people.map(({ name, login, email }) => name || login || email || 'somebody').join(' and ');
}
