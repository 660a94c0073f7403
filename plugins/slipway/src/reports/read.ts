import { closest } from '../config/suggest';
import { prepare } from './input';
import { readOwnOrigin, splitOwnOrigin } from './origin';
import { reportReaders, type ReportFormat } from './registry';
import { ReportError, type Report } from './report';

export interface ReadReport {
  readonly format: ReportFormat;
  readonly report: Report;
}

/**
 * Reads a report whole, with every number cross-checked, or throws. A JSON report that is an object may carry
 * `slipway: { measuredAt, validUntil, tool, toolVersion, database }`, its producer's word on when and by what it was made.
 * @param format `auto` tells it by content; a name also refuses content of another format
 * @throws {ReportError}
 */
export function readReport(format: ReportFormat | 'auto', content: string | Uint8Array): ReadReport {
  if (format !== 'auto') refuseUnknown(format);
  const { input, own } = splitOwnOrigin(prepare(content));
  const reader = reportReaders.find(
    (candidate) => (format === 'auto' || candidate.format === format) && candidate.recognises(input),
  );
  if (reader) {
    const report = reader.read(input);
    const origin = own === undefined ? report.origin : readOwnOrigin(own, report.origin);
    return { format: reader.format, report: origin === undefined ? report : { ...report, origin } };
  }
  if (input.syntax === 'jsonLines') throw new ReportError('malformed', 'several JSON values in one file');
  if (input.syntax === 'json' && isEmptyJson(input.value))
    throw new ReportError('empty', 'an empty JSON value: nothing was reported');
  const seen =
    input.syntax === 'xml'
      ? `XML with root <${input.root.slice(0, 80)}>`
      : input.syntax === 'json'
        ? 'other JSON'
        : 'other text';
  const wanted = reportReaders.find((candidate) => candidate.format === format);
  throw new ReportError(
    'unsupported',
    wanted ? `${seen}, not ${wanted.title}` : `${seen}, of no format that is known; these are ${names()}`,
  );
}

/** Programs without types pass any name. */
function refuseUnknown(format: string): void {
  if (reportReaders.some((reader) => reader.format === format)) return;
  const meant = closest(
    String(format),
    reportReaders.map((reader) => reader.format),
  );
  const hint = meant === null ? '.' : `; did you mean ${meant}?`;
  throw new ReportError(
    'unsupported',
    `there is no format "${String(format)}"${hint} The formats are auto, ${names()}`,
  );
}

function names(): string {
  return reportReaders.map(({ format }) => format).join(', ');
}

function isEmptyJson(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
