import { PACKAGE_AUDIT, PACKAGE_TESTS, SERVER } from './programs';

/**
 * How a service of the fixture behaves: `healthy`; `sick` (the engine never finds it healthy); `slow` (healthy after some seconds);
 * `slow-liar` (likewise, but its health address answers 503). `@prod` confines it to that environment.
 */
export type Behaviour = 'healthy' | 'sick@prod' | 'slow' | 'slow-liar@prod';

/** What a project's test run leaves. */
export interface Suite {
  readonly passing: number;
  readonly failing: readonly string[];
  /** Of ten lines. */
  readonly coveredLines: number;
  /** Exit code of the run; some runners report failures by their report alone. */
  readonly exit: number;
  /** False: the run leaves no report. */
  readonly reports: boolean;
}

export const GOOD_SUITE: Suite = { passing: 4, failing: [], coveredLines: 9, exit: 0, reports: true };

/** All that the Compose files read, besides images. */
export const EXAMPLE_VARIABLES = `WEB_PORT=8080
API_PORT=8081
ACME_TOKEN=change-me
DATABASE_URL=postgres://acme:change-me@db/acme
`;

export type Files = Readonly<Record<string, string>>;

/** What `npm install` looks at. */
export function manifests({ nx, plugin }: { readonly nx: string; readonly plugin: string }): Files {
  return {
    'package.json': json({
      name: 'acme',
      private: true,
      workspaces: ['packages/web'],
      devDependencies: { nx, 'nx-slipway': plugin },
    }),
    'packages/web/package.json': json({
      name: '@acme/web',
      version: '1.0.0',
      private: true,
      nx: { name: 'web', targets: { test: testTarget('web', 'jest'), 'release-audit': auditTarget('web', 'npm') } },
    }),
  };
}

/** A workspace without `slipway.json` and without a project that deploys: an npm package and a Python package. */
export function plainFiles(): Files {
  return {
    '.gitignore': 'node_modules\n*.tgz\n.nx\n.slipway/\nreports\nresult*.json\n*.secrets.env\n',
    'nx.json': json({
      defaultBase: 'main',
      analytics: false,
      neverConnectToCloud: true,
      plugins: ['nx-slipway'],
      namedInputs: { default: ['{projectRoot}/**/*', '!{projectRoot}/reports/**/*'] },
    }),
    'tools/run-tests.js': PACKAGE_TESTS,
    'tools/run-audit.js': PACKAGE_AUDIT,
    'README.md': '# Acme\n\nAn example workspace.\n',
    'packages/web/README.md': '# Web\n\nWhat people see.\n',
    'packages/api/README.md': '# API\n\nWhat programs see.\n',
    'packages/web/index.js': 'exports.title = "Acme";\n',
    'packages/web/suite.json': json(GOOD_SUITE),
    'packages/web/behaviour': 'healthy\n',
    'packages/api/project.json': json({
      name: 'api',
      targets: { test: testTarget('api', 'python'), 'release-audit': auditTarget('api', 'pip-audit') },
    }),
    'packages/api/setup.py':
      "from setuptools import setup\n\nsetup(\n    name='acme-api',\n    version='1.0.0',\n    packages=['acme'],\n)\n",
    'packages/api/acme/__init__.py': 'TITLE = "Acme"\n',
    'packages/api/suite.json': json(GOOD_SUITE),
    'packages/api/behaviour': 'healthy\n',
  };
}

/** What adds containers to it: images, two environments and their configuration. */
export function platformFiles(deployment: Deployment, configuration: Configuration): Files {
  return {
    'slipway.json': json(configuration),
    'packages/platform/project.json': json({ name: 'platform', targets: {} }),
    'packages/platform/README.md': '# Platform\n\nWhere it runs.\n',
    'packages/platform/.env.example': EXAMPLE_VARIABLES,
    'packages/platform/service/server.pl': SERVER,
    ...Object.fromEntries(
      SERVICES.map((service) => [
        `packages/platform/${service}/Dockerfile`,
        `FROM debian:bookworm-slim\nCOPY packages/platform/service packages/${service} /srv/\nUSER nobody\nCMD ["perl", "/srv/server.pl"]\n`,
      ]),
    ),
    ...Object.fromEntries(
      ENVIRONMENTS.flatMap((environment) => [
        [`packages/platform/docker-compose.${environment}.yml`, compose(deployment, environment)],
        [`packages/platform/${environment}.env`, environmentFile(deployment.ports[environment])],
      ]),
    ),
  };
}

export const SERVICES = ['web', 'api'] as const;
export const ENVIRONMENTS = ['staging', 'prod'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];
export type Service = (typeof SERVICES)[number];

export interface Deployment {
  /** Prefix of Compose projects and image repositories, unique to a workspace. */
  readonly prefix: string;
  readonly ports: Readonly<Record<Environment, Readonly<Record<Service, number>>>>;
}

export interface Configuration {
  environments: Record<
    Environment,
    {
      requires?: { verifiedIn?: Environment; tag?: boolean; approvals?: string[] };
      verify: { probes: object[]; attempts: number; interval: string };
      [key: string]: unknown;
    }
  >;
  [key: string]: unknown;
}

export function composeProject({ prefix }: Pick<Deployment, 'prefix'>, environment: Environment): string {
  return `${prefix}-${environment}`;
}

/** What stands in `slipway.json`; tests change it before it is written. */
export function platformConfiguration(deployment: Deployment): Configuration {
  const probes = SERVICES.map((service): object => ({
    name: service,
    http: `http://127.0.0.1:\${${service.toUpperCase()}_PORT}/health/`,
    expect: { version: true, commit: true, json: { status: 'ok' } },
    timeout: '2s',
  }));
  const environment = (name: Environment): Configuration['environments'][Environment] => ({
    compose: `packages/platform/docker-compose.${name}.yml`,
    project: composeProject(deployment, name),
    envFiles: [{ path: `packages/platform/${name}.env` }],
    healthTimeout: '8s',
    verify: { probes: [...probes], attempts: 3, interval: '300ms' },
  });
  return {
    $schema: './node_modules/nx-slipway/schema.json',
    release: { owner: 'platform', projects: ['web', 'api', 'platform'] },
    projects: {
      platform: {
        producers: [],
        gates: {
          tests: { notApplicable: 'Compose files have no tests of their own' },
          coverage: { notApplicable: 'Compose files have no lines to cover' },
          security: { notApplicable: 'it has no dependencies of its own' },
        },
      },
    },
    images: Object.fromEntries(
      SERVICES.map((service) => [
        service,
        {
          dockerfile: `packages/platform/${service}/Dockerfile`,
          context: ['packages/platform/service', `packages/${service}`],
          repository: `${deployment.prefix}/${service}`,
          variable: `${service.toUpperCase()}_IMAGE`,
          base: ['debian:bookworm-slim'],
        },
      ]),
    ),
    environments: {
      staging: environment('staging'),
      prod: {
        ...environment('prod'),
        requires: { verifiedIn: 'staging', tag: true, approvals: ['release-manager'] },
      },
    },
  };
}

function compose({ prefix }: Deployment, environment: Environment): string {
  const services = SERVICES.map(
    (service) => `  ${service}:
    image: \${${service.toUpperCase()}_IMAGE:-${prefix}/${service}:1.0.0}
    environment:
      ACME_ENVIRONMENT: ${environment}
      ACME_TOKEN: \${ACME_TOKEN:-}
      DATABASE_URL: \${DATABASE_URL:-}
      HELPDESK_VERSION: \${SLIPWAY_VERSION:-}
      HELPDESK_COMMIT: \${SLIPWAY_COMMIT:-}
    ports: ['127.0.0.1:\${${service.toUpperCase()}_PORT:?}:80']
    stop_grace_period: 1s
    healthcheck:
      test: ['CMD', 'test', '-e', '/tmp/healthy']
      interval: 1s
      timeout: 5s
      retries: 30
`,
  );
  return `services:\n${services.join('')}`;
}

function environmentFile(ports: Readonly<Record<Service, number>>): string {
  return SERVICES.map((service) => `${service.toUpperCase()}_PORT=${ports[service]}\n`).join('');
}

function testTarget(project: string, format: 'jest' | 'python'): object {
  return {
    executor: 'nx:run-commands',
    cache: true,
    inputs: ['default', '{workspaceRoot}/tools/run-tests.js'],
    outputs: ['{projectRoot}/reports/unit'],
    options: { command: `node tools/run-tests.js packages/${project} ${format}` },
  };
}

/** Stands in for the inferred one, which asks a registry. */
function auditTarget(project: string, tool: 'npm' | 'pip-audit'): object {
  return {
    executor: 'nx:run-commands',
    cache: true,
    inputs: ['default', '{workspaceRoot}/tools/run-audit.js'],
    outputs: ['{projectRoot}/reports/audit'],
    options: { command: `node tools/run-audit.js packages/${project} ${tool}` },
  };
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
