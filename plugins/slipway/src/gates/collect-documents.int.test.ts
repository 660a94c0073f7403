import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { collectDocuments } from './collect-documents';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-documents-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

async function paths(
  ...args: Parameters<typeof collectDocuments> extends [string, ...infer R] ? R : never
): Promise<string[]> {
  return (await collectDocuments(root, ...args)).files.map(({ path }) => path);
}

it('reads what people wrote, and nothing that tools made or others own', async () => {
  write({
    '.env.example': '',
    'README.md': '# Of the workspace',
    'web/README.md': '# Web',
    'web/docs/deep/guide.markdown': '# Guide',
    'web/docker-compose.prod.yml': 'services: {}',
    'web/deploy/compose.yaml': 'services: {}',
    'web/deploy/.env.example': 'A=',
    'web/settings.py': 'import os\nos.environ["A"]',
    'web/silent.py': 'print("no variables here")',
    'web/tests/test_settings.py': 'import os\nos.environ["T"]',
    'web/node_modules/x/README.md': '# X',
    'web/.venv/lib/x.py': 'import os\nos.environ["V"]',
    'web/dist/README.md': '# Built',
    'web/reports/notes.md': '# Report',
    'web/src/reports/README.md': '# Source, not a report',
    'web/inner/README.md': '# Another project',
  });
  expect(await paths('web', { nested: ['web/inner'] })).toEqual([
    '.env.example',
    'web/README.md',
    'web/deploy/.env.example',
    'web/deploy/compose.yaml',
    'web/docker-compose.prod.yml',
    'web/docs/deep/guide.markdown',
    'web/settings.py',
    'web/src/reports/README.md',
  ]);
});

it('reads the descriptions of the API, also among the reports', async () => {
  write({ 'web/openapi.yaml': 'a: 1', 'web/reports/openapi.json': '{"a":1}' });
  const apiSchema = { file: 'openapi.yaml', generated: 'reports/openapi.json' };
  expect(await paths('web', { apiSchema })).toEqual(['web/openapi.yaml', 'web/reports/openapi.json']);
});

it('follows no symbolic link', async () => {
  write({ 'web/README.md': '# Web', 'secret/notes.md': '# Secret' });
  symlinkSync(join(root, 'secret'), join(root, 'web/linked'));
  symlinkSync(join(root, 'secret/notes.md'), join(root, 'web/notes.md'));
  expect(await paths('web')).toEqual(['web/README.md']);
});

it('tells of a file that is too large, and reads the others', async () => {
  write({ 'web/README.md': '# Web', 'web/huge.md': 'x'.repeat(1024 * 1024 + 1) });
  const { files, unreadable, exists } = await collectDocuments(root, 'web');
  expect(files.map(({ path }) => path)).toEqual(['web/README.md']);
  expect(unreadable).toEqual([{ path: 'web/huge.md', reason: 'it is larger than 1 MB' }]);
  expect([exists('web/huge.md'), exists('web'), exists('web/gone.md')]).toEqual([true, true, false]);
});
