import type { ReportSample } from './sample';

const migration = (name: string, irreversible: readonly string[] = []): string =>
  JSON.stringify({
    name: `tickets.${name}`,
    file: `tickets/migrations/${name}.py`,
    replaces: [],
    irreversible,
    incompatible: [],
  });

const report = (missing: readonly string[], ...migrations: readonly string[]): string =>
  `{"format":"slipway-migrations","version":1,"models":2,"missing":${JSON.stringify(missing)},"migrations":[${migrations.join(',')}]}`;

export const slipwayMigrationsSamples: readonly ReportSample[] = [
  {
    format: 'slipway-migrations',
    check: 'migrations',
    verdict: 'pass',
    content: report([], migration('0001_initial'), migration('0002_reference')),
  },
  {
    format: 'slipway-migrations',
    check: 'migrations',
    verdict: 'fail',
    content: report(
      ['tickets: Add field due to ticket'],
      migration('0001_initial'),
      migration('0002_fill', ['RunPython fill has no reverse_code']),
    ),
    evidence: [
      '"missing":["tickets: Add field due to ticket"]',
      '"irreversible":["RunPython fill has no reverse_code"]',
    ],
  },
];
