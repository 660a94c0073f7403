export type { CheckResult, Finding } from './check';
export { collectDocuments } from './collect-documents';
export { collectReports, type CollectedReports } from './collect';
export {
  judgeProject,
  type JudgedReport,
  type JudgeInput,
  type ProjectVerdict,
  type ReportFile,
  type Tool,
} from './judge';
export { mergePolicy, type GatePolicy } from './policy';
export { readVerdict, VerdictError, verdictPath, writeVerdict } from './store';
export { allows, worstVerdict, type Verdict } from './verdict';
export { dayOf, unusedWaivers, type UsedWaiver, type Waiver, type WaiverSet } from './waivers';
export { readWaivers } from './waivers-file';
