import * as fc from 'fast-check';
import { decodeEvent, encodeEvent, type NewEvent } from './event-codec';
import type { LedgerEventBody } from './events';
import { LedgerError } from './ledger';
import { oneLine } from './event-subject';

const COMMIT = 'c'.repeat(40);
/** Everything that could break a message, its subject, or JSON: line breaks of all kinds, quotes, markup, lone surrogates. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\n\n{"v":1}', '\u2028', '\u0000', '"}', '\ud800', '--\n', 'commit abc', '__proto__', '\r\n\r\n', ''),
);
/** Services can't be named `__proto__` (configuration), and no reader takes it for one. */
const digests = fc.dictionary(
  hostile.filter((name) => name !== '__proto__'),
  hostile,
);
const deployed = fc.record({ version: hostile, commit: hostile, services: digests });
const body: fc.Arbitrary<LedgerEventBody> = fc.oneof(
  fc.record({
    kind: fc.constant('approval' as const),
    version: hostile,
    role: hostile,
    commit: hostile,
    note: hostile,
  }),
  fc.record({
    kind: fc.constant('deploy.intent' as const),
    version: hostile,
    deployment: hostile,
    commit: hostile,
    services: digests,
    configHash: hostile,
    anchor: fc.option(deployed),
  }),
  fc.record({
    kind: fc.constant('check' as const),
    version: hostile,
    passed: fc.boolean(),
    gated: hostile,
    commit: hostile,
    members: fc.array(
      fc.record({
        project: hostile,
        verdict: fc.constantFrom('pass' as const, 'inconclusive' as const),
        subject: hostile,
        checks: fc.array(
          fc.record({
            check: hostile,
            verdict: fc.constant('fail' as const),
            reason: hostile,
            measured: fc.option(fc.integer()),
            limit: fc.option(fc.integer()),
          }),
        ),
      }),
    ),
    reasons: fc.array(hostile),
  }),
);

function event(overrides: Partial<NewEvent> = {}): NewEvent {
  return {
    v: 1,
    id: 'id-1',
    at: '2026-01-02T03:04:05.000Z',
    by: 'Ada <ada@example.org>',
    position: 3,
    body: { kind: 'bump.intent', version: '1.1.0', from: 'abc' },
    ...overrides,
  };
}

/** A commit's message holds no NUL and is stored as UTF-8. */
function throughGit(message: string): string {
  expect(message).not.toContain('\0');
  return Buffer.from(message, 'utf8').toString('utf8');
}

describe('an event in a commit message', () => {
  it('comes back as it was, whatever its texts hold', () => {
    fc.assert(
      fc.property(body, hostile, (anyBody, by) => {
        const written = event({ body: anyBody, by });
        const { position: _position, ...expected } = written;
        expect(decodeEvent(COMMIT, throughGit(encodeEvent('prod', written)), 3)).toEqual({
          ...expected,
          commit: COMMIT,
        });
      }),
    );
  });

  it('has a subject of one line that a person can read', () => {
    fc.assert(
      fc.property(body, (anyBody) => {
        const [subject, blank] = throughGit(encodeEvent('prod', event({ body: anyBody }))).split('\n');
        expect(subject).toMatch(/^(approve|deploy prod|check) /);
        expect(blank).toBe('');
        expect(subject?.length).toBeLessThanOrEqual(100);
      }),
    );
    const done: LedgerEventBody = {
      kind: 'deploy.outcome',
      version: '1.1.0',
      deployment: 'd',
      outcome: 'done',
      services: {},
      reason: '',
    };
    expect(encodeEvent('prod', event({ body: done }))).toMatch(/^deploy prod 1\.1\.0: done\n\n\{/);
    expect(oneLine('a\r\nb\u2028c\u0007')).toBe('a b c');
  });

  it('of an unknown kind is kept as `other`', () => {
    const message = encodeEvent('prod', event()).replace('bump.intent', 'flag.flipped');
    expect(decodeEvent(COMMIT, message, 3).body).toEqual({ kind: 'other', version: '1.1.0', name: 'flag.flipped' });
  });

  it('of a newer version is kept as `other`, also when its kind is known', () => {
    const message = encodeEvent('prod', event()).replace('"v": 1', '"v": 2').replace('"from"', '"origin"');
    expect(decodeEvent(COMMIT, message, 3).body).toEqual({ kind: 'other', version: '1.1.0', name: 'bump.intent' });
  });

  it.each([
    ['no JSON', 'deploy\n\n{"v": 1,'],
    ['no body', 'just a commit'],
    ['an array', 'deploy\n\n[]'],
    ['a field missing', encodeEvent('prod', event()).replace('"from"', '"form"')],
    ['an empty kind', encodeEvent('prod', event()).replace('bump.intent', '')],
  ])('with %s is refused, naming the commit', (_, message) => {
    expect(() => decodeEvent(COMMIT, message, 3)).toThrow(LedgerError);
    expect(() => decodeEvent(COMMIT, message, 3)).toThrow(COMMIT);
  });

  it('takes a kind that every object has as a property for unknown', () => {
    const message = encodeEvent('prod', event()).replace('bump.intent', 'constructor');
    expect(decodeEvent(COMMIT, message, 3).body).toMatchObject({ kind: 'other', name: 'constructor' });
  });

  it('at another position than it was written for is refused: events before it are missing', () => {
    expect(() => decodeEvent(COMMIT, encodeEvent('prod', event()), 0)).toThrow(
      /3 events come before it, but 0 are here/,
    );
  });

  it('is written without fields that no reader knows', () => {
    const anchor = { version: '1', commit: 'a', services: {}, since: 'yesterday' };
    const more: LedgerEventBody = {
      kind: 'deploy.intent',
      version: '1',
      deployment: 'd',
      commit: 'a',
      services: {},
      configHash: '',
      anchor,
    };
    expect(encodeEvent('prod', event({ body: more }))).not.toContain('yesterday');
  });

  it('that could not be read back is not written', () => {
    const broken: LedgerEventBody = {
      kind: 'verify.outcome',
      version: '1',
      deployment: 'd',
      health: 'healthy',
      services: {},
      measurements: [{ probe: 'p', health: 'healthy', seen: '', attempts: Number.NaN }],
      reason: '',
    };
    expect(() => encodeEvent('prod', event({ body: broken }))).toThrow(/can't be recorded/);
  });

  it('of kind `other` is not written', () => {
    const other: LedgerEventBody = { kind: 'other', version: '1', name: 'x' };
    expect(() => encodeEvent('prod', event({ body: other }))).toThrow(LedgerError);
  });
});
