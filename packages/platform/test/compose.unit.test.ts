import {
  composeFile,
  composeText,
  composeVariables,
  dockerfileServices,
  environments,
  everyService,
} from './platform-files';

const services = everyService();

it('has services to look at in every environment', () => {
  for (const environment of environments) {
    expect(Object.keys(composeFile(environment).services).sort()).toEqual(dockerfileServices());
  }
});

describe.each(services)('%s: %s', (environment, name, service) => {
  it('has a healthcheck that runs something, often and with a time-out', () => {
    expect(service.healthcheck?.test[0]).toBe('CMD');
    expect(service.healthcheck?.test.length).toBeGreaterThan(1);
    expect(service.healthcheck?.disable).toBeUndefined();
    for (const field of ['interval', 'timeout', 'retries', 'start_period'])
      expect(service.healthcheck).toHaveProperty(field);
  });

  it('takes its image by variable, with the release’s own tag as default, and never pulls or builds', () => {
    const variable = `${name.toUpperCase()}_IMAGE`;
    expect(service.image).toMatch(new RegExp(`^\\$\\{${variable}:-helpdesk/${name}:\\d+\\.\\d+\\.\\d+[^}]*\\}$`));
    expect(service.pull_policy).toBe('never');
    expect(service.build).toBeUndefined();
  });

  it('listens on 127.0.0.1 only, at a port by variable', () => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\$\{[A-Z]+_PORT:-\d+\}:\d+$/);
  });

  it('keeps data in declared named volumes only', () => {
    const declared = Object.keys(composeFile(environment).volumes);
    for (const volume of service.volumes ?? []) expect(declared).toContain(volume.split(':')[0]);
  });

  it('runs with a read-only file system and without privileges', () => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(service.privileged).toBeUndefined();
  });

  it('is restarted where people rely on it, and not where tests must see it fail', () => {
    expect(service.restart).toBe(environment === 'test' ? 'no' : 'unless-stopped');
  });

  it('waits for what it depends on to be healthy', () => {
    for (const { condition } of Object.values(service.depends_on ?? {})) expect(condition).toBe('service_healthy');
  });
});

describe.each(environments)('%s', (environment) => {
  const file = composeFile(environment);

  it('gives version and commit to backend and frontend, and not to the database, which a release must leave alone', () => {
    const reported = { HELPDESK_VERSION: '${SLIPWAY_VERSION:-dev}', HELPDESK_COMMIT: '${SLIPWAY_COMMIT:-unknown}' };
    expect(file.services.backend?.environment).toMatchObject(reported);
    expect(file.services.frontend?.environment).toMatchObject(reported);
    expect(JSON.stringify(file.services.db)).not.toContain('SLIPWAY_');
  });

  it('refuses to start without its secrets', () => {
    const variables = composeVariables(composeText(environment));
    const required = [...variables].filter(([, kind]) => kind === 'required').map(([name]) => name);
    expect(required.sort()).toEqual(['DJANGO_SECRET_KEY', 'POSTGRES_PASSWORD']);
    expect([...variables].filter(([, kind]) => kind === 'bare')).toEqual([]);
    const secretDefaults = [...variables].filter(
      ([name, kind]) => kind === 'default' && /PASSWORD|SECRET|KEY|TOKEN/.test(name),
    );
    expect(secretDefaults).toEqual([]);
  });

  it('keeps the database in a volume, and starts the backend when it is there', () => {
    expect(file.services.db?.volumes).toEqual(['database:/var/lib/postgresql/data']);
    expect(Object.keys(file.services.backend?.depends_on ?? {})).toEqual(['db']);
  });

  it('lets only the backend reach the database', () => {
    expect(file.networks.data).toEqual({ internal: true });
    expect(file.services.db?.networks).toEqual(['data']);
    expect(file.services.db?.ports).toBeUndefined();
    expect(file.services.frontend?.networks).toEqual(['web']);
  });
});

it('keeps the environments’ names and ports apart', () => {
  expect(new Set(environments.map((environment) => composeFile(environment).name)).size).toBe(environments.length);
  const ports = environments.flatMap((environment) =>
    [...composeText(environment).matchAll(/_PORT:-(\d+)/g)].map(([, port]) => port),
  );
  // The frontend's in each, and the backend's where tests ask it directly.
  expect(ports.length).toBe(environments.length + 1);
  expect(new Set(ports).size).toBe(ports.length);
});

it('names the same release in every default image', () => {
  const tags = environments.flatMap((environment) =>
    [...composeText(environment).matchAll(/-helpdesk\/\w+:([^}]+)\}/g)].map(([, tag]) => tag),
  );
  expect(tags.length).toBe(services.length);
  expect(new Set(tags).size).toBe(1);
});

it('differs between staging and production in names and ports only', () => {
  const neutral = (environment: 'staging' | 'prod') => {
    const { name, ...rest } = composeFile(environment);
    expect(name).toBe(`helpdesk-${environment}`);
    return JSON.parse(JSON.stringify(rest).replace(/_PORT:-\d+/g, '_PORT:-0')) as unknown;
  };
  expect(neutral('staging')).toEqual(neutral('prod'));
});
