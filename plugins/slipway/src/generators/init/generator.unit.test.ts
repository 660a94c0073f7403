import { addProjectConfiguration, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { parseConfig } from '../../config/load';
import initGenerator from './generator';

function workspace(): Tree {
  const tree = createTreeWithEmptyWorkspace();
  addProjectConfiguration(tree, 'web', { root: 'packages/web' });
  tree.write('packages/web/package.json', '{ "name": "web", "version": "1.0.0" }');
  addProjectConfiguration(tree, 'tools', { root: 'tools' });
  return tree;
}

function snapshot(tree: Tree): Map<string, string | null> {
  return new Map(
    ['nx.json', 'package.json', '.gitignore', 'slipway.json'].map((path) => [path, tree.read(path, 'utf-8')]),
  );
}

describe('init', () => {
  it('sets up what is missing', () => {
    const tree = workspace();
    initGenerator(tree);
    expect(JSON.parse(tree.read('nx.json', 'utf-8') ?? '')).toMatchObject({ plugins: ['nx-slipway'] });
    expect(tree.read('.gitignore', 'utf-8')).toMatch(/^\.slipway\/$/m);
    expect(JSON.parse(tree.read('package.json', 'utf-8') ?? '')).toMatchObject({
      devDependencies: { 'nx-slipway': expect.stringMatching(/^\^\d+\.\d+\.\d+/) as string },
    });
    const text = tree.read('slipway.json', 'utf-8') ?? '';
    expect(text).toContain('"$schema": "./node_modules/nx-slipway/schema.json"');
    expect(parseConfig(text)).toMatchObject({
      release: { owner: 'web', projects: ['web'] },
      images: {},
      environments: {},
    });
  });

  it('changes nothing the second time', () => {
    const tree = workspace();
    initGenerator(tree);
    const first = snapshot(tree);
    initGenerator(tree);
    expect(snapshot(tree)).toEqual(first);
  });

  it.each(['"nx-slipway"', '{ "plugin": "nx-slipway", "exclude": ["plugins/**"] }'])(
    'leaves nx.json as it is with %s',
    (entry) => {
      const tree = workspace();
      const text = `{\n  // ours\n  "plugins": ["@nx/js", ${entry}]\n}\n`;
      tree.write('nx.json', text);
      initGenerator(tree);
      expect(tree.read('nx.json', 'utf-8')).toBe(text);
    },
  );

  it('adds to the plugins of nx.json and keeps its comments', () => {
    const tree = workspace();
    tree.write('nx.json', '{\n  // ours\n  "plugins": [\n    { "plugin": "@nx/js" }\n  ]\n}\n');
    initGenerator(tree);
    const text = tree.read('nx.json', 'utf-8') ?? '';
    expect(text).toContain('// ours');
    expect(text.replaceAll(/\s/g, '')).toContain('"plugins":[{"plugin":"@nx/js"},"nx-slipway"]');
  });

  it('keeps a slipway.json, and refuses to go on with a wrong one', () => {
    const tree = workspace();
    tree.write('slipway.json', '{ "gates": { "coverage": { "lines": 90 } } }');
    initGenerator(tree);
    expect(tree.read('slipway.json', 'utf-8')).toBe('{ "gates": { "coverage": { "lines": 90 } } }');
    tree.write('slipway.json', '{ "gate": {} }');
    expect(() => initGenerator(tree)).toThrow('Did you mean "gates"?');
  });

  it('writes no slipway.json and no dependency where it is asked not to', () => {
    const tree = workspace();
    const before = tree.read('package.json', 'utf-8');
    initGenerator(tree, { skipConfig: true, skipPackageJson: true });
    expect(tree.exists('slipway.json')).toBe(false);
    expect(tree.read('package.json', 'utf-8')).toBe(before);
  });

  it('adds no dependency on a package of the workspace itself', () => {
    const tree = workspace();
    addProjectConfiguration(tree, 'slipway', { root: 'plugins/slipway' });
    tree.write('plugins/slipway/package.json', '{ "name": "nx-slipway", "version": "0.1.0" }');
    initGenerator(tree);
    expect(tree.read('package.json', 'utf-8')).not.toContain('nx-slipway');
  });

  it.each(['.slipway', '/.slipway/', '**/.slipway'])('takes %s in .gitignore for enough', (line) => {
    const tree = workspace();
    tree.write('.gitignore', `dist\r\n${line}`);
    initGenerator(tree);
    expect(tree.read('.gitignore', 'utf-8')).toBe(`dist\r\n${line}`);
  });

  it('ends the last line of .gitignore before it adds one, as the file ends its lines', () => {
    const tree = workspace();
    tree.write('.gitignore', 'dist\r\ntmp');
    initGenerator(tree);
    expect(tree.read('.gitignore', 'utf-8')).toBe('dist\r\ntmp\r\n.slipway/\r\n');
  });

  it('proposes environments that Compose files tell of, as comments', () => {
    const tree = workspace();
    tree.write(
      'packages/web/docker-compose.prod.yml',
      'services: { web: { image: "${WEB_IMAGE:-shop/web:1.0.0}", build: . } }',
    );
    tree.write('packages/web/Dockerfile', 'FROM scratch');
    initGenerator(tree);
    const text = tree.read('slipway.json', 'utf-8') ?? '';
    expect(text).toContain('//   "prod": {');
    expect(parseConfig(text).environments).toEqual({});
  });

  it('repeats nothing that nx.json says about the release', () => {
    const tree = workspace();
    tree.write('nx.json', '{ "release": { "projects": ["web"] } }');
    initGenerator(tree);
    expect(tree.read('slipway.json', 'utf-8')).not.toContain('"projects"');
  });
});
