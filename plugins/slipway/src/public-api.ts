import type { GatesConfigInput, ProjectCheckId } from './config/gates/gates';
import type { CheckResult } from './gates/check';
import type { GivenReport } from './gates/judge-reports';
import type { ConventionalCommit } from './history/parse-commit';
import type { ReadReport } from './reports/read';
import type { ReportFormat } from './reports/registry';
import type { ManifestEdit } from './version/manifests/editor';
import type { NextVersionOptions } from './version/next-version';
import type { ReleaseType } from './version/release-type';

export type { CheckResult, Finding } from './gates/check';
export type { GivenReport } from './gates/judge-reports';
export { PolicyError } from './gates/policy-error';
export type { Verdict } from './gates/verdict';
export type { ConventionalCommit } from './history/parse-commit';
export type { ReadReport } from './reports/read';
export type { ReportFormat } from './reports/registry';
export { ReportError, type Report, type ReportProblem } from './reports/report';
export { ManifestError, type ManifestEdit } from './version/manifests/editor';
export type { NextVersionOptions } from './version/next-version';
export type { ReleaseType } from './version/release-type';
export { VersionError } from './version/version-error';

// Nx loads this file for inference: what is behind each function comes with its first call.

/**
 * The version after `current`.
 *
 * The maths start from the last stable version: severity that is found late raises the base of a pre-release, and its
 * numbers count from 1 on each base and stage (alpha, beta, rc).
 * @param type the level that is demanded since `stable`.
 * @param options `preid` makes a pre-release of that stage; `stable` is the last stable version, by default what `current`
 * implies.
 * @throws {VersionError} for what is no semantic version, and where the result would go back a stage or not be greater.
 * @example
 * nextVersion('1.2.3', 'minor'); // '1.3.0'
 * nextVersion('1.3.0-rc.1', 'minor', { preid: 'rc' }); // '1.3.0-rc.2'
 * nextVersion('1.3.0-rc.2', 'minor'); // '1.3.0'
 * nextVersion('2.2.0-rc.1', 'major', { preid: 'rc', stable: '2.1.0' }); // '3.0.0-rc.1'
 */
export function nextVersion(current: string, type: ReleaseType, options?: NextVersionOptions): string {
  return (require('./version/next-version') as typeof import('./version/next-version')).nextVersion(
    current,
    type,
    options,
  );
}

/**
 * A commit message as Conventional Commits 1.0.0 reads it; null where its first line is no conventional one.
 * @example
 * parseCommit('feat(ui)!: drop frames')?.breaking; // true
 * parseCommit('Merge branch main'); // null
 */
export function parseCommit(message: string): ConventionalCommit | null {
  return (require('./history/parse-commit') as typeof import('./history/parse-commit')).parseCommit(message);
}

/**
 * A semantic version as Python spells it (PEP 440).
 * @throws {VersionError} for what has no such form: build metadata, and pre-releases other than `alpha.N`, `beta.N`, `rc.N`.
 * @example
 * toPep440('1.2.0-rc.1'); // '1.2.0rc1'
 * toPep440('1.2.0-canary.3'); // throws
 */
export function toPep440(version: string): string {
  return (require('./version/pep440') as typeof import('./version/pep440')).toPep440(version);
}

/**
 * A Python version (PEP 440) as a semantic one.
 * @throws {VersionError} for what has no such form: epochs, `.post`, `.dev`, local versions; and for another spelling than
 * the canonical one, which the message says.
 * @example
 * fromPep440('1.2.0rc1'); // '1.2.0-rc.1'
 * fromPep440('1.2.0.post1'); // throws
 */
export function fromPep440(version: string): string {
  return (require('./version/pep440') as typeof import('./version/pep440')).fromPep440(version);
}

/**
 * A manifest with other versions in it, and every other character as it was: comments, quotes, indentation, line ends, a
 * byte-order mark. Ranges keep their form (`^`, `~`, exact, `workspace:`), other ranges stay as they are.
 *
 * The file's name tells its kind: `package.json`, `package-lock.json` and `npm-shrinkwrap.json` (versions 2 and 3),
 * `pnpm-workspace.yaml`, `pnpm-lock.yaml`, `yarn.lock`, `setup.py`, `setup.cfg`, `pyproject.toml`, modules such as
 * `__init__.py` and `_version.py`, `requirements*.txt`, Compose files, `Chart.yaml`, `VERSION`. Any other file may mark its
 * version by a comment `slipway:version` at the end of the line.
 *
 * In a lock file, `version` is the root package's, and a version in `dependencies` also goes to that package's own entry,
 * never to one that was installed from a registry. A version that a Python manifest reads from another file is left to that
 * file.
 * @param path only its name matters, and for what a Python manifest points at, its folder; errors repeat it.
 * @param edit all versions are semantic ones, and are written as the kind of file spells them: `1.3.0-rc.1` becomes `1.3.0rc1`
 * in Python. Dependencies are named as the file names them, images by their repository.
 * @throws {ManifestError} with file and line: for a kind of file that is unknown, one that is malformed or ambiguous, holds
 * no version though one is asked, or can't hold the one that is asked.
 * @example
 * editManifest('ui/package.json', '{ "version": "1.2.0" }', { version: '1.3.0' }); // '{ "version": "1.3.0" }'
 * editManifest('setup.py', 'setup(version="1.2.0")', { version: '1.3.0-rc.1' }); // 'setup(version="1.3.0rc1")'
 * editManifest('requirements.txt', 'core==1.2.0  # ours\n', { dependencies: { core: '1.3.0' } });
 */
export function editManifest(path: string, content: string, edit: ManifestEdit): string {
  return (require('./version/manifests') as typeof import('./version/manifests')).editManifest(path, content, edit);
}

/**
 * Reads a report whole, with every number cross-checked.
 * @param format `auto` tells the format by content; a name also refuses any other. Of tests: `junit`, `jest-json`, `pytest-json`,
 * `ctrf`; coverage: `lcov`, `cobertura`, `jacoco`, `istanbul` (coverage-final.json), `istanbul-summary`; security: `npm-audit`,
 * `yarn-audit`, `pip-audit`, `osv`, `trivy`, `grype`, `sarif`, `cyclonedx`, `spdx`; load: `k6-summary`, `autocannon`, `jmeter-csv`,
 * `locust-csv`; pages: `lighthouse`, `axe`, `slipway-accessibility` (sign-offs); `slipway-migrations`.
 * @param content as text, or as the bytes of the file.
 * @throws {ReportError} for what can't be relied on: empty, truncated, malformed, contradictory, of an unknown format or
 * version, a tool's error instead of a result, hostile, or too large. `problem` says which.
 * @example
 * readReport('auto', '<testsuite tests="1"><testcase name="adds"/></testsuite>').report.kind; // 'tests'
 * readReport('lcov', '<testsuite tests="0"/>'); // throws
 */
export function readReport(format: ReportFormat | 'auto', content: string | Uint8Array): ReadReport {
  return (require('./reports/read') as typeof import('./reports/read')).readReport(format, content);
}

/** A check's policy: its section of "gates" in `slipway.json`, or all of "gates". What is left out has its default. */
export type CheckPolicy<C extends CheckName> =
  GatesConfigInput[C] | (GatesConfigInput & { readonly [K in C]: unknown });
/** Every check that is judged from reports alone; `documentation` from the documents themselves. */
export type CheckName = ProjectCheckId;

/**
 * Judges reports as the gate of a project does: `pass`, `fail`, `inconclusive` or `notApplicable`, with the reason. It reads no file and
 * no waiver. Whatever is wrong with a report makes the result inconclusive; nothing is thrown for it. A report that says itself until
 * when it counts must still count; the gate also refuses audits of more than 24 hours, which are only told here, under `warnings`.
 * @param check its name, e.g. `tests` or `security`.
 * @param reports any formats that the check knows; for `documentation`, the project's text files by their path in it.
 * @param policy the check's section of "gates", or all of them; `{ notApplicable: 'why' }` switches it off.
 * @throws {PolicyError} for an unknown check, and for a wrong policy, with the key.
 * @example
 * judge('tests', [{ path: 'junit.xml', content: '<testsuite tests="1"><testcase name="adds"/></testsuite>' }]).verdict; // 'pass'
 * judge('tests', []).verdict; // 'inconclusive'
 * judge('coverage', [{ path: 'lcov.info', content }], { lines: 90 }).reason; // '85 % of 200 lines covered, below 90 %'
 */
export function judge<C extends CheckName>(
  check: C,
  reports: readonly GivenReport[],
  policy?: CheckPolicy<C>,
): CheckResult {
  const { judgeReports } = require('./gates/judge-reports') as typeof import('./gates/judge-reports');
  return judgeReports(check, reports, policy, new Date());
}
