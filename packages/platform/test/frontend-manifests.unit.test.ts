import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { platformRoot } from './platform-files';

const blankVersions = join(platformRoot, 'frontend/blank-versions.mjs');

/** The manifests of a workspace at one release, blanked; the vite entry stands for what comes from a registry. */
function blanked(release: string, vite: string): string[] {
  const root = mkdtempSync(join(tmpdir(), 'helpdesk-manifests-'));
  try {
    mkdirSync(join(root, 'app'));
    writeFileSync(
      join(root, 'app/package.json'),
      JSON.stringify({ name: 'app', version: release, devDependencies: { vite: '^8' } }),
    );
    const packages = {
      '': { name: 'root', version: release },
      app: { name: 'app', version: release, devDependencies: { vite: '^8' } },
      'node_modules/app': { resolved: 'app', link: true },
      'node_modules/vite': { version: vite, integrity: `sha512-${vite}` },
    };
    writeFileSync(
      join(root, 'package-lock.json'),
      JSON.stringify({ name: 'root', version: release, lockfileVersion: 3, packages }),
    );
    execFileSync(process.execPath, [blankVersions, 'package-lock.json', 'app/package.json'], { cwd: root });
    return ['package-lock.json', 'app/package.json'].map((file) => readFileSync(join(root, file), 'utf8'));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

it('makes the manifests of two releases alike, so that the image keeps its packages', () => {
  expect(blanked('1.0.0', '8.0.1')).toEqual(blanked('1.1.0', '8.0.1'));
});

it('keeps what decides on the packages', () => {
  const [lock = ''] = blanked('1.0.0', '8.0.1');
  expect(lock).toContain('"8.0.1"');
  expect(blanked('1.0.0', '8.0.1')).not.toEqual(blanked('1.0.0', '8.0.2'));
});
