import type { PreconditionId } from '../preconditions/precondition';

/**
 * Which preconditions of a deployment the emergency lane may pass over, and what has to be made up for afterwards.
 * Null: never. Without a known environment, a clean tree and images nobody could tell what is deployed where; an older release comes
 * back by a rollback, which nothing holds up.
 */
export const PASSABLE: Readonly<Record<PreconditionId, { readonly debt: string | null } | null>> = {
  environmentKnown: null,
  treeClean: null,
  bumped: null,
  built: null,
  images: null,
  deployed: null,
  notOlder: null,
  verifiedBeforeTag: null,
  dossier: { debt: 'let the release pass its check, or replace it by one that does' },
  fresh: { debt: 'make the reports anew that could no longer be relied on, and look at what they say' },
  ownVerdicts: { debt: 'judge the members here, without a cache, and look at what comes out' },
  notBad: { debt: 'find out why the release had failed there before' },
  promoted: { debt: 'verify the images in the environment that was skipped' },
  forwardPorted: { debt: 'bring what the hotfix mended back to production' },
  tagged: { debt: 'tag what was deployed, or replace it by a release that is tagged' },
  approved: { debt: 'let those look at the release whose sign-off was missing' },
  rehearsed: { debt: 'rehearse the rollback' },
  backedUp: { debt: 'back the environment up, and restore that backup somewhere else' },
  notFrozen: { debt: 'tell those for whom nothing was to be deployed at that time' },
  // Debts that are open stay open: passing over them again makes no new one.
  debtsSettled: { debt: null },
};

/** What every emergency leaves to do, whatever was passed over. */
export const POST_MORTEM = {
  id: 'post-mortem',
  what: 'write the post-mortem: what happened, why it could not wait, and what keeps it from happening again',
} as const;
