import { describedServices, IMAGE_LABEL, stackFileOf } from './swarm-stack-file';

const id = `sha256:${'1'.repeat(64)}`;
const reference = `registry.example.org/shop/app@sha256:${'2'.repeat(64)}`;

type Fields = Record<string, unknown>;

const render = (app: Fields, rest: Fields = {}) =>
  JSON.stringify({
    name: 'shop',
    services: { app: { image: reference, command: null, entrypoint: null, networks: { default: null }, ...app } },
    networks: { default: { name: 'shop_default', ipam: {} } },
    ...rest,
  });

/** The stack file, which must come about. */
function stackOf(app: Fields, rolling = false): { version: string; services: { app: Fields & { deploy: Fields } } } {
  const { text, problems } = stackFileOf(render(app), { app: id }, rolling);
  expect(problems).toEqual([]);
  return JSON.parse(text ?? '') as ReturnType<typeof stackOf>;
}

const problemsOf = (app: Fields, rest: Fields = {}) => stackFileOf(render(app, rest), { app: id }, false).problems;

describe('stackFileOf', () => {
  it('keeps what a stack understands, and leaves out what only Compose knows', () => {
    const stack = stackOf({
      depends_on: { db: { condition: 'service_healthy' } },
      pull_policy: 'never',
      cap_drop: ['ALL'],
      healthcheck: { test: ['CMD', 'true'], interval: '1s' },
      ports: [{ mode: 'ingress', target: 80, published: '8080', protocol: 'tcp' }],
    });
    expect(stack).not.toHaveProperty('name');
    expect(stack.version).toBe('3.8');
    const { app } = stack.services;
    expect(app).toMatchObject({
      image: reference,
      cap_drop: ['ALL'],
      healthcheck: { test: ['CMD', 'true'], interval: '1s' },
      ports: [{ mode: 'ingress', target: 80, published: 8080, protocol: 'tcp' }],
    });
    for (const key of ['command', 'entrypoint', 'depends_on', 'pull_policy']) expect(app).not.toHaveProperty(key);
  });

  it('labels the service and its containers with the release and the image', () => {
    const { app } = stackOf({ labels: { 'slipway.version': '1.2.0', team: 'shop' } }).services;
    expect(app['labels']).toMatchObject({
      'slipway.version': '1.2.0',
      team: 'shop',
      [IMAGE_LABEL]: `${reference} ${id}`,
    });
    expect(app.deploy['labels']).toMatchObject({ 'slipway.version': '1.2.0', [IMAGE_LABEL]: `${reference} ${id}` });
    expect(app.deploy['labels']).not.toHaveProperty('team');
  });

  it('gives the same label to the same description, and another one to every other', () => {
    const label = (app: Fields) => describedServices(stackFileOf(render(app), { app: id }, false).text ?? '')['app'];
    const first = label({ environment: { A: '1' } });
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect(label({ environment: { A: '1' } })).toBe(first);
    expect(label({ environment: { A: '2' } })).not.toBe(first);
    expect(label({ environment: { A: '1' }, labels: { 'slipway.version': '2.0.0' } })).not.toBe(first);
    // How it is updated changes no task.
    expect(label({ environment: { A: '1' }, deploy: { update_config: { parallelism: 2 } } })).toBe(first);
  });

  it('lets the engine update one task after the other and roll back, where the strategy is rolling and nothing else is said', () => {
    expect(stackOf({}).services.app.deploy).not.toHaveProperty('update_config');
    const said = { deploy: { update_config: { order: 'stop-first' } } };
    expect(stackOf(said, true).services.app.deploy['update_config']).toEqual({
      order: 'stop-first',
      failure_action: 'rollback',
    });
  });

  it.each([
    ['an unknown key', { network_mode: 'host' }, /app\.network_mode means nothing/],
    ['a privilege', { privileged: true }, /app\.privileged means nothing/],
    [
      'a step that has to end first',
      { depends_on: { m: { condition: 'service_completed_successfully' } } },
      /no order/,
    ],
    ['a port on one address', { ports: [{ target: 80, published: '80', host_ip: '127.0.0.1' }] }, /open on every/],
    ['a range of ports', { ports: [{ target: 80, published: '80-90' }] }, /name each by itself/],
    ['data that would stay behind', { volumes: [{ type: 'volume', source: 'data', target: '/data' }] }, /placement/],
    ['a security option', { security_opt: ['apparmor=unconfined'] }, /means nothing/],
  ])('refuses %s', (_name, app, problem) => {
    expect(problemsOf(app)).toEqual([expect.stringMatching(problem)]);
    expect(stackFileOf(render(app), { app: id }, false).text).toBeNull();
  });

  it('refuses secrets whose content is a variable', () =>
    expect(problemsOf({}, { secrets: { key: { environment: 'KEY' } } })).toEqual([
      expect.stringMatching(/secrets\.key.*external/),
    ]));
});
