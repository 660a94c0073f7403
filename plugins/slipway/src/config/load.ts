import { checkRelease } from './check-release';
import { ConfigError, type ConfigProblem } from './error';
import { byPlace, parseJsonc, type Parsed } from './jsonc';
import { withNxDefaults, type NxReleaseDefaults } from './nx-defaults';
import { slipwaySchema, type SlipwayConfig } from './schema';
import { closest } from './suggest';

export type { NxReleaseDefaults } from './nx-defaults';

export const CONFIG_FILE = 'slipway.json';

/**
 * Parses `slipway.json` (JSON with comments and trailing commas) and fills in the defaults.
 * `text` is null where there is no such file: everything then has its default.
 * @throws {ConfigError} naming every wrong key or value with its line.
 */
export function parseConfig(text: string | null, file = CONFIG_FILE, nx: NxReleaseDefaults = {}): SlipwayConfig {
  const parsed = parseJsonc(slipwaySchema, text ?? '{}', file, (value) => withNxDefaults(value, nx));
  const crossed = crossCheck(parsed);
  if (crossed.length > 0) throw new ConfigError(file, crossed.sort(byPlace));
  return parsed.data;
}

/** References within the configuration that no schema can check. */
function crossCheck({ data: config, problemAt }: Parsed<SlipwayConfig>): ConfigProblem[] {
  const found: ConfigProblem[] = [];
  const environments = Object.keys(config.environments);
  const images = Object.keys(config.images);
  const report = (path: (string | number)[], message: string, expected: string, suggestion: string | null): void => {
    found.push(problemAt(path, message, expected, suggestion));
  };
  environments.forEach((name, index) => {
    const environment = config.environments[name];
    const earlier = environments.slice(0, index);
    const from = environment?.requires.verifiedIn;
    if (from !== undefined && !earlier.includes(from)) {
      const expected =
        earlier.length > 0
          ? `an environment that stands before ${name}: ${earlier.join(', ')}`
          : `nothing: no environment stands before ${name}`;
      report(
        ['environments', name, 'requires', 'verifiedIn'],
        `"${from}" is not an earlier environment`,
        expected,
        closest(from, earlier),
      );
    }
    if (environment?.requires.rehearsed !== undefined && from === undefined)
      report(
        ['environments', name, 'requires', 'rehearsed'],
        'nothing says where a rollback is rehearsed',
        'verifiedIn beside it: the environment that rehearses it',
        null,
      );
    const backup = environment?.requires.backup;
    if (backup !== undefined && backup.report === undefined && environment?.database?.backup === undefined)
      report(
        ['environments', name, 'requires', 'backup'],
        'nothing takes a backup that could be shown',
        'either "report" here, the file that a backup job leaves, or "database.backup" beside "requires"',
        null,
      );
    environment?.services?.forEach((service, at) => {
      if (!images.includes(service))
        report(
          ['environments', name, 'services', at],
          `"${service}" is not an image`,
          `one of the keys of images: ${images.join(', ') || 'none yet'}`,
          closest(service, images),
        );
    });
    if (images.length === 0)
      report(['environments', name], 'there is nothing to deploy', 'at least one entry under images', null);
  });
  if (
    new Set(Object.values(config.environments).map((environment) => environment.project)).size < environments.length
  ) {
    report(
      ['environments'],
      'two environments share one Compose project, so one would replace the other',
      'a different project for each environment',
      null,
    );
  }
  for (const { path, message, expected } of checkRelease(config.release)) report(path, message, expected, null);
  return found;
}
