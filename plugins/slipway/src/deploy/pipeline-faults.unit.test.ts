import type { Ledger } from '../ledger/ledger';
import { createMemoryEnvironment, releaseOf, type MemoryEnvironment } from '../testing/memory-environment';

const EFFECTS = ['expand', 'contract', 'unknown'] as const;

interface Story {
  readonly effect: (typeof EFFECTS)[number];
  /** Whether the new release turns healthy. */
  readonly healthy: boolean;
}

const STORIES: readonly Story[] = EFFECTS.flatMap((effect) => [true, false].map((healthy) => ({ effect, healthy })));

/** What happens at one side effect: before it (`strike` throws, so it does not happen), or right behind it. */
interface Seam {
  readonly at: MemoryEnvironment;
  /** Side effects so far, in order. */
  readonly effects: string[];
  /** Called before and after each one. */
  strike: (when: 'before' | 'after', index: number, what: string) => void;
}

/** An environment with one verified release, a second one to deploy, and a seam around every side effect from then on. */
async function stage({ effect, healthy }: Story): Promise<Seam> {
  const at = await createMemoryEnvironment();
  at.database.images.set('1.0.0', ['a']).set('1.1.0', ['a', 'b', 'c']);
  for (const name of ['b', 'c']) at.database.effects.set(name, { effect, reversible: true });
  await at.verified('1.0.0');
  if (!healthy) at.driver.broken.add('1.1.0');
  const seam: Seam = { at, effects: [], strike: () => undefined };
  const around = async <T>(what: string, act: () => Promise<T>): Promise<T> => {
    const index = seam.effects.push(what) - 1;
    seam.strike('before', index, what);
    const done = await act();
    seam.strike('after', index, what);
    return done;
  };
  const { append } = at.ledger;
  const ledger: Pick<Ledger, 'append'> = {
    append: (stream, body, options) => around(`record ${body.kind}`, () => append(stream, body, options)),
  };
  Object.assign(at.ledger, ledger);
  at.driver.beforeApply = ({ version }) => around(`apply ${version}`, async () => undefined);
  at.database.beforeEffect = (what) => around(what, async () => undefined);
  return seam;
}

/** Either release, whole: its image, healthy, on a schema that it runs with. */
async function expectOneWholeRelease({ at }: Seam, { effect }: Story, label: string): Promise<void> {
  const [running, ...others] = at.driver.running;
  const release = [releaseOf('1.0.0'), releaseOf('1.1.0')].find(({ services }) => services['web'] === running?.image);
  const state = await at.state();
  expect({ label, others, running, unfinished: state.unfinished, doubt: state.doubt }).toMatchObject({
    others: [],
    running: { running: true, health: 'healthy', release: { version: release?.version, commit: release?.commit } },
    unfinished: null,
    doubt: null,
  });
  expect(state.current).toMatchObject(release ?? {});
  const needed = at.database.images.get(release?.version ?? '') ?? [];
  const extra = at.database.applied.filter((name) => !needed.includes(name));
  expect({ label, missing: needed.filter((name) => !at.database.applied.includes(name)) }).toEqual({
    label,
    missing: [],
  });
  if (effect !== 'expand') expect({ label, extra }).toEqual({ label, extra: [] });
  expect(await at.ledger.lock('prod')).toBeNull();
}

async function countEffects(story: Story): Promise<readonly string[]> {
  const seam = await stage(story);
  await seam.at.ship('1.1.0');
  await seam.at.cleanUp();
  return seam.effects;
}

describe.each(STORIES)('a deployment whose migrations are $effect, healthy: $healthy', (story) => {
  it.each(['resume', 'roll back'] as const)(
    'killed at any side effect, then %s: one release serves, whole',
    async (then) => {
      const effects = await countEffects(story);
      expect(effects.length).toBeGreaterThan(6);
      for (const [index, what] of effects.entries()) {
        for (const when of ['before', 'after'] as const) {
          const label = `${when} ${what} (${index})`;
          const seam = await stage(story);
          let dead = false;
          seam.strike = (moment, number) => {
            if (dead || (moment === when && number === index)) {
              dead = true;
              throw new Error('killed');
            }
          };
          await expect(seam.at.ship('1.1.0')).rejects.toThrow('killed');
          seam.strike = () => undefined;
          const outcome =
            then === 'resume' ? await seam.at.ship('1.1.0') : await seam.at.back({ to: '1.0.0', emergency: true });
          expect({ label, kind: outcome.kind }).toEqual({
            label,
            kind: expect.stringMatching(/^(done|alreadyDone|rolledBack|refused)$/),
          });
          await expectOneWholeRelease(seam, story, label);
          await seam.at.cleanUp();
        }
      }
    },
  );

  it('acts no more once the lock is stolen, wherever that happens', async () => {
    const effects = await countEffects(story);
    for (const [index, what] of effects.entries()) {
      const seam = await stage(story);
      seam.strike = (when, number) => {
        if (when === 'after' && number === index) seam.at.ledger.steal('prod');
      };
      const outcome = await seam.at.ship('1.1.0');
      const acted = seam.effects.slice(index + 1).filter((one) => !one.startsWith('record'));
      await seam.at.cleanUp();
      // What was the last thing to do was done.
      if (index === effects.length - 1) continue;
      expect({ what, acted, kind: outcome.kind }).toEqual({
        what,
        acted: [],
        kind: expect.stringMatching(/^(failed|unknown)$/),
      });
    }
  });
});
