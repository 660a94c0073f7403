const { join } = require('node:path');
const { reporters } = require('../../tools/jest.reporters.cjs');
const { swc } = require('../../tools/jest.swc.cjs');

/**
 * Unit tests by default; SLIPWAY_TESTS=int runs the ones that need git remotes, a Docker Engine or a packed plugin,
 * SLIPWAY_TESTS=cluster those that start a cluster of engines.
 */
const cluster = process.env.SLIPWAY_TESTS === 'cluster';
const integration = cluster || process.env.SLIPWAY_TESTS === 'int';

/** By what brings them: execa; conventional-changelog-core; the Markdown parser of tests. */
const esModules = [
  ...['execa', 'figures', 'get-stream', 'human-signals', 'is-plain-obj', 'is-stream', 'is-unicode-supported'],
  ...['npm-run-path', 'parse-ms', 'path-key', 'pretty-ms', 'strip-final-newline', 'unicorn-magic', 'yoctocolors'],
  ...['@sindresorhus', '@sec-ant'],
  ...['conventional-changelog-core', 'conventional-changelog-writer', 'conventional-commits-filter'],
  ...['conventional-commits-parser', '@conventional-changelog', '@simple-libs'],
  ...['git-raw-commits', 'git-semver-tags'],
  ...['micromark[^/]*', 'mdast-util-[^/]*', 'unist-util-[^/]*', 'ccount', 'character-entities', 'devlop'],
  ...['decode-named-character-reference', 'escape-string-regexp', 'longest-streak', 'markdown-table', 'zwitch'],
];

/** @type {import('jest').Config} */
module.exports = {
  displayName: integration ? 'slipway:int' : 'slipway',
  testEnvironment: 'node',
  reporters,
  testMatch: cluster
    ? ['<rootDir>/src/**/*.cluster.test.ts']
    : integration
      ? ['<rootDir>/src/**/*.int.test.ts', '<rootDir>/e2e/**/*.int.test.ts']
      : ['<rootDir>/src/**/*.unit.test.ts'],
  transform: { '^.+\\.[cm]?[jt]sx?$': ['@swc/jest', swc] },
  setupFiles: ['<rootDir>/jest.setup.cjs'],
  // Jest can't require ES modules, so the dependencies that are only that go through SWC as well.
  transformIgnorePatterns: [`/node_modules/(?!(${esModules.join('|')})/)`],
  // These have an export for `import` alone, which Jest doesn't look for.
  moduleNameMapper: Object.fromEntries(
    Object.entries({
      'unicorn-magic': 'node.js',
      'conventional-changelog-writer': 'dist/index.js',
      'conventional-commits-filter': 'dist/index.js',
      'conventional-commits-parser': 'dist/index.js',
      '@conventional-changelog/git-client': 'dist/index.js',
      '@simple-libs/child-process-utils': 'dist/index.js',
      '@simple-libs/stream-utils': 'dist/index.js',
    }).map(([name, file]) => [`^${name}$`, join(__dirname, '../../node_modules', name, file)]),
  ),
  // Compiled output repeats package names, which Jest's haste map would complain about.
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  testSequencer: require.resolve('../../tools/jest.sequencer.cjs'),
  testTimeout: integration ? 240_000 : 10_000,
};
