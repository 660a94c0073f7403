/** What the ledger's events add up to. Pure folds; nothing else is stored anywhere. */
export { foldRelease, isHotfix, type Recorded, type ReleaseRecord, type ReleaseState } from './release-state';
export {
  foldEnvironment,
  type CurrentRelease,
  type EnvironmentState,
  type Movement,
  type RecordedSnapshot,
  type SchemaRecord,
  type StepRecord,
  type VerifiedRelease,
} from './environment-state';
