import { planTag } from './plan-tag';

const request = { tag: 'v1.1.0', commit: 'b'.repeat(40), branch: 'release/v1.1.0', main: 'main', remote: 'origin' };
const other = 'c'.repeat(40);
const remote = { name: 'origin', tag: null, main: null, branch: null };

describe('planTag', () => {
  it('creates a tag that is nowhere', () => {
    expect(planTag(request, { localTag: null, localMain: 'a', remote: null }, false)).toEqual({
      kind: 'go',
      createTag: true,
      main: 'a',
    });
  });
  it('takes a tag on the same commit for success', () => {
    expect(planTag(request, { localTag: request.commit, localMain: 'a', remote: null }, true)).toEqual({
      kind: 'already',
    });
  });
  it('pushes a tag that only exists here, as after a crash', () => {
    expect(
      planTag(request, { localTag: request.commit, localMain: 'a', remote: { ...remote, main: 'm' } }, false),
    ).toEqual({ kind: 'go', createTag: false, main: 'm' });
  });
  it.each([
    ['here', { localTag: other, localMain: null, remote: null }],
    ['on origin', { localTag: null, localMain: null, remote: { ...remote, tag: other } }],
    ['on origin', { localTag: request.commit, localMain: null, remote: { ...remote, tag: other } }],
  ])('refuses a tag that exists elsewhere (%s)', (where, facts) => {
    const plan = planTag(request, facts, true);
    expect(plan.kind).toBe('refused');
    expect(plan.kind === 'refused' && plan.refusals[0]?.reason).toContain(`exists ${where} on another commit`);
  });
  it('is not done while main lacks the release', () => {
    expect(planTag(request, { localTag: request.commit, localMain: 'a', remote: null }, false).kind).toBe('go');
  });
});
