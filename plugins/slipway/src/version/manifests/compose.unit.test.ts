import { editManifest, listManifests, type ManifestNames } from './index';

const names: ManifestNames = {
  packages: new Set(),
  images: new Set(['desk/api', 'localhost:5000/desk/ui']),
  memberRoots: new Set(['deploy']),
};
const edit = (content: string): string =>
  editManifest(
    'deploy/docker-compose.prod.yml',
    content,
    { images: { 'desk/api': '2.0.0', 'localhost:5000/desk/ui': '2.0.0' } },
    names,
  );
const service = (image: string): string => `services:\n  api:\n    image: ${image}\n    ports: ["80:80"]\n`;

describe('compose files', () => {
  it.each([
    'desk/api:1.2.3',
    '"desk/api:1.2.3"  # pinned',
    "'desk/api:1.2.3'",
    '&api desk/api:1.2.3',
    'desk/api:v1.2.3',
    'desk/api:1.2.3-rc.1',
    'localhost:5000/desk/ui:1.2.3',
    '${API_IMAGE:-desk/api:1.2.3}',
    '${API_IMAGE-desk/api:1.2.3}',
    '"${A:-${B:-desk/api:1.2.3}}"',
    'desk/api:${TAG:-1.2.3}',
  ])('changes the tag of %s', (image) => {
    expect(edit(service(image))).toBe(service(image.replace(/1\.2\.3(-rc\.1)?/, '2.0.0')));
  });

  it.each([
    ['1.2.3-alpine', '2.0.0-alpine'],
    ['1.2.3-alpine3.20', '2.0.0-alpine3.20'],
    ['v1.2.3-rc.1-slim-bookworm', 'v2.0.0-slim-bookworm'],
    ['${TAG:-1.2.3-arm64}', '${TAG:-2.0.0-arm64}'],
    ['1.2.3-rc1', '2.0.0'],
    ['1.2.3-SNAPSHOT', '2.0.0'],
    ['1.2.3-my-stage.4', '2.0.0'],
    ['1.2.3-x2.4', '2.0.0'],
  ])('takes the suffix of %s for what it is: a variant stays', (before, after) => {
    expect(edit(service(`desk/api:${before}`))).toBe(service(`desk/api:${after}`));
  });

  it.each([
    'desk/api@sha256:abc',
    'desk/api:1.2.3@sha256:abc',
    'desk/api:latest',
    'desk/api:1.2',
    'desk/api',
    'other/desk/api:1.2.3',
    'desk/api-tools:1.2.3',
    'postgres:17.0.0',
    '${API_IMAGE:?desk/api:1.2.3}',
    '${API_IMAGE}',
  ])('leaves %s alone', (image) => {
    expect(edit(service(image))).toBe(service(image));
  });

  it('changes only images of services, each one once, through aliases and merge keys', () => {
    const before = [
      '\uFEFFx-api: &api',
      '  image: desk/api:1.2.3',
      'x-base: { image: desk/api:1.2.3 }',
      'services:',
      '  one: { <<: *api }',
      '  two:',
      '    <<: [*api]',
      '  three: &three',
      '    image: &image desk/api:1.2.3',
      '    command: desk/api:1.2.3',
      '  four:',
      '    image: *image',
      '',
    ].join('\r\n');
    const [head = '', base = '', rest = ''] = before.split(/(x-base.*\r\n)/);
    expect(edit(before)).toBe(head.replace('1.2.3', '2.0.0') + base + rest.replace('1.2.3', '2.0.0'));
  });

  it.each([
    ['services:\n  api:\n    image: >-\n      desk/api:1.2.3\n', 3, 'written with escapes or over several lines'],
    [service('"desk/api:\\u0031.2.3"'), 3, 'written with escapes or over several lines'],
    ['services:\n  api: [desk/api:1.2.3\n', 3, 'not valid YAML'],
    ['services:\n  api: {image: desk/api:1.2.3}\n  api: {}\n', 3, 'not valid YAML'],
  ])('refuses %j at line %i', (content, line, message) => {
    expect(() => edit(content)).toThrow(new RegExp(`docker-compose\\.prod\\.yml:${line}: .*${message}`));
  });

  it('refuses a tag that no image can have', () => {
    expect(() =>
      editManifest('compose.yaml', service('desk/api:1.2.3'), { images: { 'desk/api': '2.0.0+build' } }, names),
    ).toThrow("compose.yaml:3: it can't hold the version 2.0.0+build here");
  });
});

describe('listManifests', () => {
  it("lists the members' own manifests and the lock file at the root", () => {
    const projects = [
      { name: 'ui', root: 'packages/ui' },
      { name: 'api', root: 'packages/api' },
    ];
    const paths = [
      'package.json',
      'package-lock.json',
      'docker-compose.yml',
      'packages/ui/package.json',
      'packages/ui/README.md',
      'packages/ui/fixtures/package.json',
      'packages/api/setup.py',
      'packages/api/requirements.txt',
      'packages/api/requirements-dev.txt',
      'packages/api/requirements/base.txt',
      'packages/api/compose.test.yaml',
      'packages/other/package.json',
    ];
    expect(listManifests(paths, projects)).toEqual([
      { path: 'package-lock.json', project: null },
      { path: 'packages/ui/package.json', project: 'ui' },
      { path: 'packages/api/setup.py', project: 'api' },
      { path: 'packages/api/requirements.txt', project: 'api' },
      { path: 'packages/api/requirements-dev.txt', project: 'api' },
      { path: 'packages/api/requirements/base.txt', project: 'api' },
      { path: 'packages/api/compose.test.yaml', project: 'api' },
    ]);
    expect(listManifests(paths, [{ name: 'root', root: '.' }]).map(({ path }) => path)).toEqual([
      'package.json',
      'package-lock.json',
      'docker-compose.yml',
    ]);
  });
});
