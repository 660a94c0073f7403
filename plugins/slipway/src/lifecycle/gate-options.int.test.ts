import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readGateOptions, type GateOptions } from './gate-options';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-options-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

describe('the options of a gate', () => {
  it('ask for the real judgement when there are none', async () => {
    expect(await readGateOptions(root, {})).toEqual({ explain: null, whatIf: null });
    expect(await readGateOptions(root, { explain: 'coverage' })).toEqual({ explain: 'coverage', whatIf: null });
  });

  it('ask what would be on another day, or by another policy', async () => {
    writeFileSync(join(root, 'strict.jsonc'), '{ "coverage": { "lines": 95 } } // next year');
    const wish = await readGateOptions(root, { asOf: '2026-12-24', policy: 'strict.jsonc' });
    expect(wish).toMatchObject({
      asOf: '2026-12-24',
      gates: { coverage: { lines: 95 }, tests: { passRate: 100 } },
      whatIf: 'as of 2026-12-24 and by the policy in strict.jsonc',
    });
  });

  it.each<[string, GateOptions, string, RegExp]>([
    ['an unknown check', { explain: 'covrage' }, 'explain', /did you mean --explain=coverage\? The checks are tests, /],
    ['no check', { explain: '' }, 'explain', /^The checks are /],
    ['no day', { asOf: 'tomorrow' }, 'asOf', /name a day/],
    ['a day that does not exist', { asOf: '2026-02-30' }, 'asOf', /name a day/],
    ['a missing policy', { policy: 'none.json' }, 'policy', /name a file/],
    ['a policy with a wrong key', { policy: 'wrong.json' }, 'policy', /correct wrong\.json/],
  ])('are refused for %s', async (_what, options, id, remedy) => {
    writeFileSync(join(root, 'wrong.json'), '{ "gates": { "coverage": { "lines": 95 } } }');
    expect(await readGateOptions(root, options)).toEqual({
      refusals: [expect.objectContaining({ id, remedy: expect.stringMatching(remedy) as string })],
    });
  });
});
