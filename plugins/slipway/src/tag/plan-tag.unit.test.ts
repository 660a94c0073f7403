import type { TagFacts, TagRequest } from './inspect';
import { planTag } from './plan-tag';
import { tagMessage } from './tag-message';

const tag = (name: string, version = '1.1.0') => ({ name, version, projects: ['ui', 'api'] });
const request: TagRequest = {
  tags: [tag('v1.1.0'), tag('docs@3.0.1', '3.0.1')],
  commit: 'b'.repeat(40),
  branch: 'release/v1.1.0',
  main: 'main',
  remote: 'origin',
};
const other = 'c'.repeat(40);
const at = (commit: string, ...names: string[]) => new Map(names.map((name) => [name, commit]));
const both = at(request.commit, 'v1.1.0', 'docs@3.0.1');
const none = new Map<string, string>();
const remote = { name: 'origin', tags: none, main: 'm', branch: null };
const facts = (change: Partial<TagFacts>): TagFacts => ({ localTags: none, localMain: 'a', remote: null, ...change });

describe('planTag', () => {
  it.each([
    ['that are nowhere', facts({})],
    ['of which one is missing', facts({ localTags: at(request.commit, 'v1.1.0') })],
    ['that only exist here, as after a crash', facts({ localTags: both, remote })],
    [
      'of which one is missing there',
      facts({ localTags: both, remote: { ...remote, tags: at(request.commit, 'v1.1.0') } }),
    ],
  ])('goes on with tags %s', (_, known) => {
    expect(planTag(request, known, true)).toEqual({ kind: 'go' });
  });
  it('takes tags on the same commit for success', () => {
    expect(planTag(request, facts({ localTags: both }), true)).toEqual({ kind: 'already' });
    expect(planTag(request, facts({ localTags: both, remote: { ...remote, tags: both } }), true).kind).toBe('already');
  });
  it.each([
    ['v1.1.0', 'here', facts({ localTags: at(other, 'v1.1.0') })],
    ['docs@3.0.1', 'on origin', facts({ remote: { ...remote, tags: at(other, 'docs@3.0.1') } })],
    ['docs@3.0.1', 'on origin', facts({ localTags: both, remote: { ...remote, tags: at(other, 'docs@3.0.1') } })],
  ])('refuses when a single tag exists elsewhere (%s %s)', (name, where, known) => {
    const plan = planTag(request, known, true);
    expect(plan.kind === 'refused' && plan.refusals.map(({ reason }) => reason)).toEqual([
      `the tag ${name} exists ${where} on another commit, cccccccc, not on bbbbbbbb`,
    ]);
  });
  it('is not done while main lacks the release', () => {
    expect(planTag(request, facts({ localTags: both }), false).kind).toBe('go');
  });
});

it('a tag says which projects have which version by it', () => {
  expect(tagMessage(tag('v1.1.0'))).toBe('Release v1.1.0\n\napi 1.1.0\nui 1.1.0\n');
});
