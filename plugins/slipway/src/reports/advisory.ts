import { ReportError, type Severity } from './report';
import { SEVERITIES } from './report';
import { toSeverity } from './severity';

const GHSA = /GHSA-[23456789cfghjmpqrvwx]{4}-[23456789cfghjmpqrvwx]{4}-[23456789cfghjmpqrvwx]{4}/i;

/** The advisory's name in a link to it, which is the same in all tools; null where the link has none. */
export function ghsaIn(url: string | null | undefined): string | null {
  const found = GHSA.exec(url ?? '')?.[0];
  return found === undefined ? null : `GHSA-${found.slice(5).toLowerCase()}`;
}

/** GitHub's name first, then CVE: others are known to fewer tools. */
export function bestId(ids: readonly string[]): string {
  return (
    ids.find((id) => id.startsWith('GHSA-')) ?? ids.find((id) => id.startsWith('CVE-')) ?? ids[0] ?? 'unnamed advisory'
  );
}

/** One line of what a tool says; it may say anything, at any length. */
export function brief(text: string | null | undefined, otherwise: string): string {
  const line =
    (text ?? '')
      .slice(0, 2000)
      .trim()
      .split(/[\r\n]/, 1)[0]
      ?.trim() ?? '';
  return line === '' ? otherwise : line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

/**
 * Holds a summary by severity against what is listed. Tools count paths, packages or advisories, so only "some" and "none"
 * can be compared.
 * @throws {ReportError} where one has some and the other none.
 */
export function agreeBySeverity(
  claimed: Readonly<Record<string, number | undefined>>,
  listed: readonly Severity[],
): void {
  for (const severity of SEVERITIES) {
    const names = Object.entries(claimed).filter(([name]) => name !== 'total' && toSeverity(name) === severity);
    if (names.length === 0) continue;
    const count = names.reduce((sum, [, value]) => sum + (value ?? 0), 0);
    const found = listed.filter((one) => one === severity).length;
    if (count > 0 !== found > 0) {
      throw new ReportError('contradictory', `claims ${count} ${severity} findings but lists ${found}`);
    }
  }
}
