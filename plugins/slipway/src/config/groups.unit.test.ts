import fc from 'fast-check';
import { resolveLines } from './groups';
import { parseConfig } from './load';

const member = (name: string) => ({ name, root: `packages/${name}` });
const members = ['api', 'ui', 'cli', 'lib'].map(member);
const lines = (release: object, owner = 'api', of = members) =>
  resolveLines(parseConfig(JSON.stringify({ release })), of, owner);

describe('resolveLines', () => {
  it('is one line where all members share one version', () => {
    expect(lines({})).toEqual({
      lines: [{ name: 'release', group: 'release', tagPattern: 'v{version}', projects: ['api', 'ui', 'cli', 'lib'] }],
      ownerLine: 'release',
    });
  });

  it('is one line for each member with a version of its own', () => {
    const { lines: all, ownerLine } = lines({ versioning: 'independent' }, 'ui');
    expect(all.map(({ name, tagPattern }) => [name, tagPattern])).toEqual([
      ['api', 'api@{version}'],
      ['ui', 'ui@{version}'],
      ['cli', 'cli@{version}'],
      ['lib', 'lib@{version}'],
    ]);
    expect(ownerLine).toBe('ui');
  });

  it('has fixed and independent groups beside the others', () => {
    const groups = {
      tools: { projects: ['packages/cli'] },
      libs: { projects: ['l*'], versioning: 'independent', tagPattern: '{releaseGroupName}/{projectName}/{version}' },
    };
    expect(lines({ groups }, 'lib')).toEqual({
      lines: [
        { name: 'release', group: 'release', tagPattern: 'v{version}', projects: ['api', 'ui'] },
        { name: 'tools', group: 'tools', tagPattern: 'tools-v{version}', projects: ['cli'] },
        { name: 'lib', group: 'libs', tagPattern: 'libs/lib/{version}', projects: ['lib'] },
      ],
      ownerLine: 'lib',
    });
  });

  it('keeps lines of one name apart', () => {
    const groups = { ui: { projects: ['cli'] }, own: { projects: ['ui'], versioning: 'independent' } };
    expect(lines({ groups }).lines.map(({ name }) => name)).toEqual(['release', 'own:ui', 'ui:ui']);
  });

  it('refuses a member in two groups, under whatever name', () => {
    const groups = { a: { projects: ['ui'] }, b: { projects: ['packages/ui'] } };
    expect(() => lines({ groups })).toThrow('ui is in two release groups, a and b');
  });

  it('refuses lines that would share a tag', () => {
    const groups = {
      a: { projects: ['ui'], tagPattern: 'api@{version}' },
      b: { projects: ['api'], versioning: 'independent' },
    };
    expect(() => lines({ groups })).toThrow('the tags of api (api@{version}) could be taken for those of a');
  });

  it('lets the release be named by the group of the others where the owner is no member', () => {
    const groups = { tools: { projects: ['cli'] } };
    expect(lines({ groups }, 'site').ownerLine).toBe('release');
    expect(lines({ groups }, 'site', [member('cli')]).ownerLine).toBe('tools');
    expect(() => lines({ versioning: 'independent' }, 'site')).toThrow('site carries the release but is not released');
  });

  it('puts every member into exactly one line', () => {
    const of = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,4}$/), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(of, fc.boolean(), fc.nat(12), (names, independent, cut) => {
        const grouped = names.slice(0, cut);
        const groups = grouped.length > 0 ? { some: { projects: grouped } } : {};
        const versioning = independent ? 'independent' : 'fixed';
        const resolved = lines({ groups, versioning }, names[0], names.map(member));
        expect(resolved.lines.flatMap(({ projects }) => projects).sort()).toEqual([...names].sort());
        expect(new Set(resolved.lines.map(({ name }) => name)).size).toBe(resolved.lines.length);
        expect(resolved.lines.find(({ name }) => name === resolved.ownerLine)?.projects).toContain(names[0]);
      }),
    );
  });
});
