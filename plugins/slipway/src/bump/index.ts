export { applyBump, type AppliedBump } from './apply';
export { readCheckedOutFiles, readCommitFiles } from './commit-files';
export { planEdits, type BumpSources } from './edits';
export { BumpFailed, BumpRefused } from './errors';
export type { FileEdit } from './file-edit';
export { inspectBump, type BumpGround, type BumpRequest } from './preconditions';
export { proveBump, type BumpProof, type ProofTerms, type Violation } from './proof';
export { recoverBump, type Recovery } from './recover';
export { readBumpSources } from './sources';
