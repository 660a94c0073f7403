import { parseConfig } from '../config/load';
import { collectNames, listManifests } from '../version/manifests';
import { checkVersionFiles, manifestDependencies } from './manifests';

const member = (name: string, kind: 'npm' | 'python' = 'npm') => ({
  name,
  root: `packages/${name}`,
  kind,
  dependencies: [],
});

it('finds what members need of each other in their manifests, whatever Nx knows', () => {
  const members = [member('ui'), member('kit'), member('api', 'python'), member('core', 'python')];
  const contents = new Map([
    [
      'packages/ui/package.json',
      '{ "name": "@desk/ui", "version": "1.0.0", "dependencies": { "@desk/kit": "^1.0.0" } }',
    ],
    [
      'packages/kit/package.json',
      '{ "name": "@desk/kit", "version": "1.0.0", "dependencies": { "left-pad": "1.0.0" } }',
    ],
    ['packages/api/setup.py', 'from setuptools import setup\nsetup(name="desk-api", version="1.0.0")\n'],
    ['packages/api/requirements.txt', 'Desk_Core==1.0.0\nrequests==2.0.0\n'],
    ['packages/core/setup.py', 'from setuptools import setup\nsetup(name="desk-core", version="1.0.0")\n'],
  ]);
  const names = collectNames(
    contents,
    members.map(({ root }) => root),
    [],
  );
  const found = manifestDependencies(members, { files: listManifests([...contents.keys()], members), contents, names });
  expect([...found].map(([name, needs]) => [name, [...needs]])).toEqual([
    ['ui', ['kit']],
    ['kit', []],
    ['api', ['core']],
    ['core', []],
  ]);
});

it('lets no project list files whose version nobody releases', () => {
  const members = [member('ui')];
  const config = parseConfig(
    '{ "projects": { "docs": { "versionFiles": ["install.md"] }, "ui": { "versionFiles": [] } } }',
  );
  const names = collectNames(new Map(), ['packages/ui'], []);
  expect(() => checkVersionFiles({ members, config }, { contents: new Map(), names })).toThrow(
    'projects.docs.versionFiles in slipway.json lists install.md, but no released project has that name; the release has ui',
  );
});
