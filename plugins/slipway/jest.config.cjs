const { swc } = require('../../tools/jest.swc.cjs');

/** Unit tests by default; SLIPWAY_TESTS=int runs the ones that need git remotes, a Docker Engine or a packed plugin. */
const integration = process.env.SLIPWAY_TESTS === 'int';

/** @type {import('jest').Config} */
module.exports = {
  displayName: integration ? 'slipway:int' : 'slipway',
  testEnvironment: 'node',
  testMatch: integration
    ? ['<rootDir>/src/**/*.int.test.ts', '<rootDir>/e2e/**/*.int.test.ts']
    : ['<rootDir>/src/**/*.unit.test.ts'],
  transform: { '^.+\\.[cm]?[jt]sx?$': ['@swc/jest', swc] },
  setupFiles: ['<rootDir>/jest.setup.cjs'],
  // Jest can't require ES modules, so the few dependencies that are only that go through SWC as well.
  transformIgnorePatterns: [
    '/node_modules/(?!(execa|figures|get-stream|is-plain-obj|is-stream|is-unicode-supported|npm-run-path|parse-ms|path-key|pretty-ms|strip-final-newline|unicorn-magic|yoctocolors|@sindresorhus|@sec-ant|human-signals|conventional-commits-parser|conventional-changelog-writer|conventional-commits-filter|@simple-libs|meow|handlebars)/)',
  ],
  // Has an export for `import` alone, which Jest doesn't look for.
  moduleNameMapper: {
    '^unicorn-magic$': require('node:path').join(__dirname, '../../node_modules/unicorn-magic/node.js'),
  },
  // Compiled output repeats package names, which Jest's haste map would complain about.
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  testTimeout: integration ? 240_000 : 10_000,
};
