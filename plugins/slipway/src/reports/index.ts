export { readReport, type ReadReport } from './read';
export type { ReportFormat } from './registry';
export * from './report';
