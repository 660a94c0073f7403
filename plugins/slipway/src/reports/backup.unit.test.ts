import fc from 'fast-check';
import { readBackupReport } from './backup';
import { ReportError } from './report';

const A = 'a'.repeat(64);
const VALID = {
  slipwayBackup: 1,
  environment: 'prod',
  takenAt: '2026-11-22T10:00:00+01:00',
  sha256: A,
  bytes: 1024,
  tool: 'pg_dump',
  restore: { sha256: A, restoredAt: '2026-11-22T09:30:00Z', restored: true },
};
const read = (change: object = {}) => readBackupReport(JSON.stringify({ ...VALID, ...change }));

describe('the report of a backup', () => {
  it('is read with moments in UTC', () => {
    expect(read()).toEqual({
      environment: 'prod',
      takenAt: '2026-11-22T09:00:00.000Z',
      sha256: A,
      bytes: 1024,
      tool: 'pg_dump',
      toolVersion: null,
      restore: { sha256: A, restoredAt: '2026-11-22T09:30:00.000Z', restored: true },
    });
    expect(read({ restore: undefined }).restore).toBeNull();
  });

  it.each<[string, object, string]>([
    ['another version', { slipwayBackup: 2 }, 'malformed'],
    ['no content', { bytes: 0 }, 'malformed'],
    ['no zone', { takenAt: '2026-11-22T10:00:00' }, 'malformed'],
    ['no checksum', { sha256: 'abc' }, 'malformed'],
    ['no environment', { environment: undefined }, 'malformed'],
    ['what nobody knows', { restored: true }, 'malformed'],
    ['a restore that says not how it ended', { restore: { sha256: A, restoredAt: VALID.takenAt } }, 'malformed'],
    [
      'a restore before it was taken',
      { restore: { ...VALID.restore, restoredAt: '2026-11-22T08:00:00Z' } },
      'contradictory',
    ],
  ])('with %s is refused', (_, change, problem) => {
    expect(() => read(change)).toThrow(expect.objectContaining({ name: 'ReportError', problem }) as Error);
  });

  it.each([
    ['', 'empty'],
    ['{"slipwayBackup": 1', 'truncated'],
    ['<a/>', 'unsupported'],
    ['null', 'unsupported'],
    ['[]', 'malformed'],
  ])('that is %p is refused', (text, problem) => {
    expect(() => readBackupReport(text)).toThrow(expect.objectContaining({ name: 'ReportError', problem }) as Error);
  });

  it('of which anything is missing is refused, never a crash', () => {
    const text = JSON.stringify(VALID);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string(), (at, noise) => {
        for (const broken of [text.slice(0, at), text.slice(0, at) + noise + text.slice(at + 1)]) {
          try {
            expect(readBackupReport(broken).bytes).toBeGreaterThan(0);
          } catch (error) {
            expect(error).toBeInstanceOf(ReportError);
          }
        }
      }),
    );
  });
});
