import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from './load';

const readme = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');

describe('the README', () => {
  it('shows a configuration that is accepted and goes through every key', () => {
    const examples = [...readme.matchAll(/^```jsonc\n(.*?)^```$/gms)].map((match) => match[1] ?? '');
    const [waivers, configuration] = examples;
    expect(examples).toHaveLength(2);
    expect(parseConfig(`{ "waivers": ${waivers} }`, 'README.md').waivers).toHaveLength(1);
    const config = parseConfig(configuration ?? null, 'README.md');
    expect(Object.keys(config).sort()).toEqual([
      '$schema',
      'commits',
      'dossier',
      'emergency',
      'environments',
      'gates',
      'images',
      'notes',
      'projects',
      'release',
      'testStack',
      'waivers',
    ]);
    expect(Object.keys(config.gates).sort()).toEqual(Object.keys(parseConfig(null).gates).sort());
    expect(config.projects['api']?.versionFiles).toEqual(['docs/install.md', 'deploy/values.yaml']);
    expect(Object.keys(config.environments)).toEqual(['staging', 'prod']);
  });
});
