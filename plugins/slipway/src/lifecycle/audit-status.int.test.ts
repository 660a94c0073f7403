import { Desk } from './testing/desk';
import { status } from './steps/status';

let desk: Desk;
const audit = () => desk.run(status, { audit: true }, { target: 'release-status' });
beforeEach(() => (desk = new Desk()));
afterEach(() => desk.remove());

it('vouches for no ledger that is empty, for one that is whole, and for none that was changed', async () => {
  expect(await audit()).toMatchObject({
    outcome: { kind: 'refused' },
    said: expect.stringContaining('holds no events'),
  });

  await desk.append(
    { kind: 'bump.intent', version: '1.1.0', from: 'a' },
    { kind: 'abandoned', version: '1.1.0', reason: 'a test' },
  );
  const whole = await audit();
  expect(whole.said).toBe('Done: the ledger is whole: 2 events in 1 stream, 0 of them signed.');
  expect(whole.lines).toEqual([
    expect.stringMatching(/^✓ release: 2 events, first \d{4}-\S+Z, last \d{4}-\S+Z, head [0-9a-f]{12}$/),
  ]);

  desk.repositories.git(
    desk.remote ?? '',
    'update-ref',
    'refs/slipway/ledger/release',
    desk.git('rev-parse', 'refs/slipway/ledger/release~1'),
  );
  const cut = await audit();
  expect(cut.outcome.kind).toBe('failed');
  expect(cut.said).toMatch(/^Failed.*the ledger is not to be relied on: release has 1 problem/);
  expect(cut.lines[1]).toMatch(/this clone knows later events/);
});
