import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { CHECKLIST_ITEMS } from '../../checklist/items';
import checklistGenerator from './generator';
import type { ChecklistGeneratorOptions } from './schema';

function written(
  options: ChecklistGeneratorOptions,
  path = `releases/v${options.releaseVersion}/CHECKLIST.md`,
): string {
  const tree = createTreeWithEmptyWorkspace();
  checklistGenerator(tree, options);
  return tree.read(path, 'utf-8') ?? '';
}

function boxes(text: string): number {
  return text.split('- [ ] ').length - 1;
}

describe('checklist', () => {
  it('has every item for a major release, with the headings of its groups', () => {
    const text = written({ releaseVersion: '2.0.0' });
    expect(boxes(text)).toBe(CHECKLIST_ITEMS.length);
    expect(text.match(/^## .*/gm)).toEqual([
      '## Code Quality',
      '## Documentation',
      '## Configuration',
      '## Testing',
      '## Deployment',
    ]);
    expect(text).toContain('v2.0.0');
  });

  it('knows the type by the version', () => {
    expect(written({ releaseVersion: '1.1.0' })).toBe(written({ releaseVersion: '1.1.0', type: 'minor' }));
    expect(written({ releaseVersion: '1.1.1' })).toBe(written({ releaseVersion: '1.1.1', type: 'patch' }));
  });

  it('cuts down by the type, and says what it left out', () => {
    const text = written({ releaseVersion: '1.1.1', type: 'hotfix' });
    expect(boxes(text)).toBeLessThan(boxes(written({ releaseVersion: '1.1.1' })));
    expect(text).toContain('## Left out for a hotfix release');
  });

  it.each([
    ['1.1.0', 'patch'],
    ['1.1.0', 'hotfix'],
    ['2.0.0', 'minor'],
  ] as const)('refuses %s as a %s release', (releaseVersion, type) => {
    expect(() => written({ releaseVersion, type })).toThrow(`can't be a ${type} release`);
  });

  it.each(['1.1', 'v1.1.0', '1.1.0-rc.1', ''])('refuses the version %j', (releaseVersion) => {
    expect(() => written({ releaseVersion })).toThrow('MAJOR.MINOR.PATCH');
  });

  it('keeps boxes that were ticked, unless forced', () => {
    const tree = createTreeWithEmptyWorkspace();
    const path = 'releases/v1.1.0/CHECKLIST.md';
    checklistGenerator(tree, { releaseVersion: '1.1.0' });
    const fresh = tree.read(path, 'utf-8') ?? '';
    checklistGenerator(tree, { releaseVersion: '1.1.0' });
    const ticked = fresh.replace('- [ ]', '- [x]');
    tree.write(path, ticked);
    expect(() => checklistGenerator(tree, { releaseVersion: '1.1.0' })).toThrow('--force');
    expect(tree.read(path, 'utf-8')).toBe(ticked);
    checklistGenerator(tree, { releaseVersion: '1.1.0', force: true });
    expect(tree.read(path, 'utf-8')).toBe(fresh);
  });

  it('writes where it is asked to, inside the workspace only', () => {
    expect(written({ releaseVersion: '1.1.0', output: './docs/list.md' }, 'docs/list.md')).toContain('v1.1.0');
    for (const output of ['../list.md', '/list.md', 'a/../../list.md', 'C:\\list.md', ''])
      expect(() => written({ releaseVersion: '1.1.0', output })).toThrow('not a file inside the workspace');
  });
});
