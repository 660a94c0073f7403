import * as fc from 'fast-check';
import { combineContext, imageReference } from './context-digest';

const parts = { tree: 't', dockerfile: 'd', base: [['debian', 'sha256:1']] as const };

describe('combineContext', () => {
  it('changes with every part, and not with the order of base images', () => {
    const all = [
      parts,
      { ...parts, tree: 'other' },
      { ...parts, dockerfile: 'other' },
      { ...parts, base: [] },
      { ...parts, base: [['debian', 'sha256:2']] as const },
      { ...parts, base: [['other', 'sha256:1']] as const },
    ];
    expect(new Set(all.map(combineContext)).size).toBe(all.length);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string())), (base) => {
        expect(combineContext({ ...parts, base: [...base].reverse() })).toBe(combineContext({ ...parts, base }));
      }),
    );
  });
});

describe('imageReference', () => {
  it('tags by the first 16 digits', () => {
    expect(imageReference({ repository: 'helpdesk/web' }, combineContext(parts))).toMatch(
      /^helpdesk\/web:ctx-[0-9a-f]{16}$/,
    );
  });

  it('refuses what is no digest', () =>
    expect(() => imageReference({ repository: 'web' }, 'sha256:1')).toThrow(RangeError));
});
