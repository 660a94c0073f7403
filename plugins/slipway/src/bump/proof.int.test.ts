import { chmod, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { applyBump, proveBump, type BumpProof } from './index';
import { CHANGELOG, makeRepository, RELEASED, RELEASES, REPOSITORIES, type Repository } from './testing/repository';

const TERMS = { ...RELEASED, repositories: REPOSITORIES, changelog: CHANGELOG, releases: RELEASES };

let repository: Repository;
beforeEach(async () => {
  repository = await makeRepository();
  await applyBump(repository.world, await repository.request());
});
afterEach(() => repository.dispose());

async function prove(released = RELEASED): Promise<BumpProof> {
  return proveBump(repository.git, 'main', 'HEAD', { ...TERMS, ...released });
}

/** Changes the bump's own commit. */
async function smuggle(change: () => Promise<void>): Promise<BumpProof> {
  await change();
  await repository.git.text(['add', '-A', '-f']);
  await repository.git.text(['commit', '-q', '--amend', '--no-edit']);
  return prove();
}

it('holds for what the bump made', async () => {
  expect(await prove()).toEqual({ ok: true });
});

it('does not hold where nothing was bumped', async () => {
  const proof = await proveBump(repository.git, 'main', 'main', TERMS);
  expect(proof).toMatchObject({ ok: false });
});

it('does not hold for another version', async () => {
  const tags = RELEASED.tags.map((tag) => ({ ...tag, version: '1.2.0' }));
  expect(await prove({ ...RELEASED, tags })).toMatchObject({ ok: false });
});

const record = 'releases/v1.1.0/release.json';
it.each<[string, string, (path: string) => Promise<void>, string]>([
  [
    'code',
    'src/main.ts',
    (path) => repository.write(path, 'x'),
    'it is neither a manifest of the release, nor its changelog or record',
  ],
  ['a file at the root', 'README.md', (path) => repository.write(path, 'x'), 'it is neither a manifest'],
  [
    'the record of another release',
    'releases/v1.0.0/NOTES.md',
    (path) => repository.write(path, 'x'),
    'it is neither a manifest',
  ],
  [
    'a folder that starts like the record',
    'releases/v1.1.0-rc/x',
    (path) => repository.write(path, 'x'),
    'it is neither a manifest',
  ],
  [
    'a manifest of no member',
    'packages/other/package.json',
    (path) => repository.write(path, '{}'),
    'it is neither a manifest',
  ],
  [
    'a new manifest',
    'packages/api/requirements-dev.txt',
    (path) => repository.write(path, 'x==1.0.0\n'),
    'it is a new manifest',
  ],
  [
    'a dependency',
    'packages/ui/package.json',
    (path) =>
      repository.write(
        path,
        '{\r\n\t"name": "@desk/ui",\r\n\t"version": "1.1.0", "dependencies": { "x": "1.0.0" }\r\n}',
      ),
    'more than versions changed in it',
  ],
  [
    'white space',
    'packages/ui/package.json',
    (path) => repository.write(path, '{\n\t"name": "@desk/ui",\r\n\t"version": "1.1.0"\r\n}'),
    'more than versions changed in it',
  ],
  [
    'another version',
    'packages/ui/package.json',
    (path) => repository.write(path, '{\r\n\t"name": "@desk/ui",\r\n\t"version": "1.1.1"\r\n}'),
    'it holds the version 1.1.1 where 1.1.0 is released',
  ],
  [
    'code in a listed file',
    'packages/ui/src/about.ts',
    (path) => repository.write(path, 'export const VERSION = `1.1.0`; // slipway:version\n'),
    'more than versions changed in it',
  ],
  [
    'another version in a listed file',
    'packages/ui/src/about.ts',
    (path) => repository.write(path, "export const VERSION = '1.1.1'; // slipway:version\n"),
    'it holds the version 1.1.1 where 1.1.0 is released',
  ],
  [
    'no version',
    'packages/api/setup.py',
    (path) => repository.git.text(['checkout', 'main', '--', path]).then(() => undefined),
    'it holds the version 1.0.0 where 1.0.1-rc.1 is released',
  ],
  [
    'a version of a member that is not bumped',
    'packages/docs/package.json',
    (path) => repository.write(path, '{ "name": "@desk/docs", "version": "1.1.0" }\n'),
    'it holds a version that the release does not change',
  ],
  [
    'a broken manifest',
    'packages/api/setup.py',
    (path) => repository.write(path, 'setup('),
    'packages/api/setup.py:1: not valid Python',
  ],
  [
    'a mode',
    'packages/api/setup.py',
    (path) => chmod(join(repository.root, path), 0o644),
    'its mode changed from 100755 to 100644',
  ],
  [
    'the mode of the changelog',
    CHANGELOG,
    (path) => chmod(join(repository.root, path), 0o755),
    'its mode changed from 100644 to 100755',
  ],
  ['a removal', CHANGELOG, (path) => rm(join(repository.root, path)), 'it was removed'],
  ['a removed record', record, (path) => rm(join(repository.root, path)), 'the record of the release is missing'],
  [
    'a link',
    record,
    async (path) => {
      await rm(join(repository.root, path));
      await symlink('../../README.md', join(repository.root, path));
    },
    'it is no regular file (mode 120000)',
  ],
])('does not hold when %s is smuggled in', async (_, path, change, reason) => {
  const proof = await smuggle(() => change(path));
  expect(proof).toMatchObject({ ok: false });
  if (!proof.ok) expect(proof.violations).toContainEqual({ path, reason: expect.stringContaining(reason) as string });
});
