import { deployArguments, judge } from './swarm-apply';
import { imageId, type Stack, type SwarmTask } from './swarm-services';

const image = (digit: string) => `sha256:${digit.repeat(64)}`;
const asked = { app: image('1') };
const described = { app: 'new' };

function task(change: Partial<SwarmTask> = {}): SwarmTask {
  return {
    service: 'app',
    instance: 't1',
    image: image('1'),
    running: true,
    exitCode: 0,
    health: 'healthy',
    release: { version: '1.1.0', commit: 'c'.repeat(40) },
    restarts: 0,
    startedAt: '2026-01-01T00:00:00Z',
    node: 'n1',
    nodeName: 'node1',
    container: 'c1',
    description: 'new',
    error: '',
    ...change,
  };
}

const stack = (running: readonly SwarmTask[], update: Stack['services'][number]['update'] = null): Stack => ({
  services: [{ service: 'app', update, replicas: 2 }],
  running,
});
const two = [task(), task({ instance: 't2' })];
const judged = (now: Stack) => judge(asked, now, described);

describe('judge', () => {
  it.each([
    ['new', null],
    ['updated', { state: 'completed', message: 'update completed' }],
  ])('finds nothing where all tasks of the description run healthy: %s', (_name, update) =>
    expect(judged(stack(two, update))).toEqual({ problems: [], hopeless: false }),
  );

  it('does not take tasks of the deployment before for those of this one, although they have its image', () => {
    const { problems, hopeless } = judged(stack([task(), task({ description: 'old' })]));
    expect(problems).toMatchObject([{ kind: 'starting', problem: 'app: 1 of 2 tasks are of an earlier deployment' }]);
    expect(hopeless).toBe(false);
  });

  it.each([
    ['rollback_completed', true, /rolled it back by itself \(task failed\)/],
    ['rollback_started', false, /is rolling it back by itself \(task failed\)/],
    ['rollback_paused', true, /gave its update up \(task failed\)/],
    ['paused', true, /gave its update up \(task failed\)/],
  ])('tells what the engine did by itself: %s', (state, hopeless, problem) => {
    const result = judged(stack(two, { state, message: 'task failed' }));
    expect(result).toMatchObject({ problems: [{ service: 'app', kind: 'unhealthy' }], hopeless });
    expect(result.problems[0]?.problem).toMatch(problem);
  });

  it('waits while an update goes on, whatever runs', () =>
    expect(judged(stack(two, { state: 'updating', message: '' }))).toMatchObject({
      problems: [{ kind: 'starting' }],
      hopeless: false,
    }));

  it('waits for tasks that are missing, with what the engine says of them', () => {
    const pending = task({ running: false, startedAt: null, health: 'starting', error: 'no suitable node' });
    expect(judged(stack([task(), pending]))).toMatchObject({
      problems: [{ kind: 'starting', problem: 'app: 1 of 2 tasks run: no suitable node' }],
      hopeless: false,
    });
  });

  it.each([
    ['a service', { services: [], running: [] }],
    ['the tasks of a service', stack([])],
  ])('misses %s', (_name, now: Stack) => expect(judged(now).problems.length).toBeGreaterThan(0));

  it('misses a service without an image of ours, too', () => {
    const { problems } = judge(asked, stack(two), { app: 'new', db: 'new' });
    expect(problems).toEqual([{ service: 'db', kind: 'missing', problem: 'db does not run' }]);
  });

  it('is not content with another image, nor without a healthcheck', () => {
    expect(judged(stack([task(), task({ image: image('2') })])).problems).toMatchObject([{ kind: 'wrongImage' }]);
    const unknown = judged(stack(two.map((item) => ({ ...item, health: 'none' as const }))));
    expect(unknown).toMatchObject({ problems: [{ kind: 'unknownHealth' }], hopeless: true });
  });

  it('is content with a one-shot service that ended well', () => {
    const ended = task({ service: 'seed', running: false, exitCode: 0, health: 'none', startedAt: null });
    const services = [...stack([]).services, { service: 'seed', update: null, replicas: 1 }];
    expect(judge(asked, { services, running: [...two, ended] }, { app: 'new', seed: 'new' }).problems).toEqual([]);
  });
});

describe('imageId', () => {
  const reference = `registry.example.org/app@sha256:${'5'.repeat(64)}`;
  it.each([
    ['the id that was recorded for this very digest', reference, `${reference} ${image('1')}`, image('1')],
    ['the digest itself after somebody changed the image', reference, `other@sha256:5 ${image('1')}`, reference],
    ['a tag as it is', 'app:1.0.0', `app:1.0.0 ${image('1')}`, 'app:1.0.0'],
    ['what nobody labelled as it is', reference, undefined, reference],
    ['an id as it is', image('1'), `${image('1')} ${image('1')}`, image('1')],
  ])('is %s', (_name, runs, label, expected) => expect(imageId(runs, label)).toBe(expected));
});

it('deploys by digest, with the login of the client, and removes what is not described', () =>
  expect(deployArguments('shop', '/f').join(' ')).toBe(
    'stack deploy --resolve-image never --with-registry-auth --prune --compose-file /f shop',
  ));
