export type { CheckResult, Finding } from './check';
export { collectReports, type CollectedReports } from './collect';
export { judgeProject, type JudgeInput, type ProjectVerdict, type ReportFile, type Tool } from './judge';
export { mergePolicy, type GatePolicy } from './policy';
export { readVerdict, VerdictError, verdictPath, writeVerdict } from './store';
export { allows, worstVerdict, type Verdict } from './verdict';
