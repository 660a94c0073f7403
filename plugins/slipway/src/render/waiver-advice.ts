import type { CheckResult, Finding } from '../gates/check';
import { LONGEST_WAIVER } from '../gates/waivers';
import type { Severity } from '../reports/report';
import { oneLine, visibleJson } from './neutralise';

/** Entries that are shown; who needs more should mend something. */
const MAX_ENTRIES = 3;
const DAY = 86_400_000;

export interface WaiverScope {
  readonly project: string;
  /** The day of judgement, YYYY-MM-DD in UTC. */
  readonly asOf: string;
  /** Where waivers are kept, e.g. `waivers.json`. */
  readonly file: string;
}

/** Sentences, and entries to copy as they are. */
export interface WaiverAdvice {
  readonly said: readonly string[];
  /** Lines of JSON. */
  readonly entries: readonly string[];
}

/** Who may waive what of a check, until when, and how; or why nobody can. */
export function waiverAdvice(check: CheckResult, scope: WaiverScope): WaiverAdvice {
  const only = (said: string): WaiverAdvice => ({ said: [said], entries: [] });
  switch (check.verdict) {
    case 'pass':
      return only('it passes: there is nothing to waive');
    case 'notApplicable':
      return only('it does not apply: there is nothing to waive');
    case 'waived':
      return only('every finding that would keep it from passing is waived');
    case 'inconclusive':
      return only('what could not be judged can not be waived: nobody knows what it would let pass');
    case 'fail':
      return forFailure(check, scope);
  }
}

function forFailure(check: CheckResult, scope: WaiverScope): WaiverAdvice {
  const blocking = check.findings.filter(({ fingerprint }) => fingerprint !== undefined);
  const open = blocking.filter(({ waived }) => waived === undefined);
  if (blocking.length === 0) {
    return { said: ['no single finding keeps it from passing, so it can not be waived'], entries: [] };
  }
  const unlisted = (check.blocking ?? 0) - blocking.length;
  const shown = open.slice(0, MAX_ENTRIES);
  const more = open.length - shown.length;
  return {
    said: [
      `two persons: an owner who will mend it, and an approver who is somebody else. Fill in both and the reason, and add to ${oneLine(scope.file)}; the expiry may be no later:`,
      ...(more > 0 ? [`and the same for ${more} more: it passes only when each one is waived or mended`] : []),
      ...(unlisted > 0 ? [`${unlisted} more findings are not listed and can not be waived`] : []),
      ...(check.unsettled === undefined ? [] : [`even so it would be inconclusive: ${oneLine(check.unsettled)}`]),
    ],
    entries: shown.flatMap((finding) => entry(finding, scope).split('\n')),
  };
}

function entry(finding: Finding, { project, asOf }: WaiverScope): string {
  return visibleJson({
    fingerprint: finding.fingerprint,
    project,
    // Empty, so that an entry that nobody filled in is refused.
    owner: '',
    approver: '',
    reason: '',
    expiry: latest(asOf, finding.severity ?? 'unknown'),
  });
}

/** The last day on which a waiver made on `asOf` may count. */
function latest(asOf: string, severity: Severity): string {
  return new Date(Date.parse(`${asOf}T00:00:00Z`) + LONGEST_WAIVER[severity] * DAY).toISOString().slice(0, 10);
}
