import * as fc from 'fast-check';
import type { DescribedService } from './described-service';
import { inDependencyOrder, oneShotsOf, planWaves, sortContainers, whyNotRolled } from './rolling-plan';

const after = (...names: string[]): DescribedService => ({
  depends_on: Object.fromEntries(names.map((name) => [name, { condition: 'service_healthy' }])),
});
const published = { ports: [{ published: '3000' }] };

describe('whyNotRolled', () => {
  it.each<[string, DescribedService, RegExp | null]>([
    ['nothing of its own', {}, null],
    ['a port that the engine chooses', { ports: [{ published: null }, {}] }, null],
    ['a read-only volume and one in memory', { volumes: [{ type: 'bind', read_only: true }, { type: 'tmpfs' }] }, null],
    ['a fixed port', published, /fixed port of the host \(3000\)/],
    ['a range of ports', { ports: [{ published: '3000-3001' }] }, /fixed port/],
    ['a container name', { container_name: 'x' }, /fixed name/],
    ["the host's network", { network_mode: 'host' }, /host's own network/],
    ["another service's network", { network_mode: 'service:db' }, /another service/],
    ['a fixed address', { networks: { web: { ipv4_address: '10.0.0.2' } } }, /fixed address/],
    ['data', { volumes: [{ type: 'volume', target: '/var/lib/data' }] }, /would write to \/var\/lib\/data/],
  ])('judges a service with %s', (_what, service, expected) => {
    const why = whyNotRolled('s', service);
    if (expected === null) expect(why).toBeNull();
    else expect(why).toMatch(expected);
  });
});

describe('planWaves', () => {
  const asked = { api: 'sha256:1', web: 'sha256:2', db: 'sha256:3' };

  it('rolls what it can of the release, after what it depends on; the rest comes last', () => {
    const data = { volumes: [{ type: 'volume', target: '/data' }] };
    const services = { web: { ...after('api'), ...published }, api: after('db', 'cache'), db: data, cache: {} };
    expect(planWaves({ services }, asked)).toEqual({
      waves: [
        { kind: 'replace', services: ['cache', 'db'] },
        { kind: 'roll', service: 'api', count: 1 },
      ],
      rest: ['web'],
    });
  });

  it('rolls as many containers as the service has', () => {
    const services = { api: { deploy: { replicas: 3 } }, web: { scale: 2 } };
    expect(planWaves({ services }, asked).waves).toEqual([
      { kind: 'roll', service: 'api', count: 3 },
      { kind: 'roll', service: 'web', count: 2 },
    ]);
  });

  it('names every service once, whatever depends on what', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const graph = fc.dictionary(
      fc.constantFrom(...names),
      fc.subarray(names).map((some) => after(...some)),
    );
    fc.assert(
      fc.property(graph, (services) => {
        const { waves, rest } = planWaves({ services }, { a: 'sha256:1', b: 'sha256:2' });
        const named = [...waves.flatMap((wave) => (wave.kind === 'roll' ? [wave.service] : wave.services)), ...rest];
        expect([...named].sort()).toEqual(Object.keys(services).sort());
        expect(named).toEqual(inDependencyOrder(services));
      }),
    );
  });
});

it('knows one-shot services by those who wait for their end', () => {
  const services = {
    api: { depends_on: { migrate: { condition: 'service_completed_successfully' }, db: {} } },
    db: {},
  };
  expect([...oneShotsOf({ services })]).toEqual(['migrate']);
});

describe('sortContainers', () => {
  const wanted = { image: 'new', configHash: 'h', count: 1 };
  const container = (instance: string, image: string, second: number, running = true, configHash = 'h') => ({
    instance,
    image,
    running,
    configHash,
    createdAt: `2026-11-23T00:00:0${second}Z`,
  });
  const names = (list: readonly { readonly instance: string }[]) => list.map(({ instance }) => instance).join(' ');
  const sort = (...list: ReturnType<typeof container>[]) => {
    const { fresh, obsolete, dead } = sortContainers(list, wanted);
    return [names(fresh), names(obsolete), names(dead)];
  };

  it.each([
    ['before anything was done', [container('a', 'old', 1)], ['', 'a', '']],
    ['while the new one starts', [container('b', 'new', 2), container('a', 'old', 1)], ['b', 'a', '']],
    ['when the old one was stopped', [container('b', 'new', 2), container('a', 'old', 1, false)], ['b', '', 'a']],
    ['when all is done', [container('b', 'new', 2)], ['b', '', '']],
    ['with another configuration', [container('a', 'new', 1, true, 'other')], ['', 'a', '']],
    ['with one too many', [container('c', 'new', 3), container('b', 'new', 2)], ['b', 'c', '']],
    ['when the new one was never started', [container('b', 'new', 2, false), container('a', 'old', 1)], ['', 'a', 'b']],
  ])('tells what to keep %s', (_when, list, expected) => expect(sort(...list)).toEqual(expected));
});
