// Takes the versions of the workspace's own projects out of manifests and lock file: node blank-versions.mjs <file…>
// What is installed does not depend on them, and every release changes them.
import { readFileSync, writeFileSync } from 'node:fs';

for (const file of process.argv.slice(2)) {
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  const own = file.endsWith('package-lock.json')
    ? [
        manifest,
        ...Object.entries(manifest.packages)
          .filter(([path]) => !/(^|\/)node_modules\//.test(path))
          .map(([, entry]) => entry),
      ]
    : [manifest];
  for (const entry of own) if (entry.version !== undefined) entry.version = '0.0.0';
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
}
